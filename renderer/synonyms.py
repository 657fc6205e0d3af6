"""What other clients and providers call what a spec says in one way, and what they have besides.

Words are compared without case and marks: `num_outputs` is `numOutputs`. A word that a video model
knows itself is never taken for another one.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Synonym:
    """What a word stands for: a request setting by its dotted name, a word of ours, or nothing.

    `form` is how it is written in a spec; `todo` says what to do where there is no such thing.
    """

    setting: str = ""
    form: str = ""
    todo: str = ""

    @property
    def in_spec(self) -> str:
        """What to do with the word in a scene or a shot."""
        if self.setting:
            return f"write it as settings: {{{nested(self.setting)}}}"
        return f"write {self.form}" if self.form else self.todo

    @property
    def in_settings(self) -> str:
        """What to do with the word among settings, or in a request."""
        if self.setting:
            return f"write it as `{nested(self.setting)}`"
        return f"write {self.form} beside settings" if self.form else self.todo


def folded(word: str) -> str:
    """Return a word without case and without marks, as in snake_case and kebab-case."""
    return re.sub(r"[^a-z0-9]", "", word.lower())


def nested(dotted: str) -> str:
    """Return a dotted name as nested mappings with the value left open."""
    *outer, last = dotted.split(".")
    opened = "".join(f"{part}: {{" for part in outer)
    return f"{opened}{last}: …{'}' * len(outer)}"


def synonym(word: str) -> Synonym | None:
    """Return what a word of others stands for."""
    return _ALL.get(folded(word))


_SETTINGS = {
    "numberResults": "n num count takes outputs samples results variations batchSize videoCount "
    "numOutputs numResults numSamples numVideos numberVideos numberOfVideos numberOfResults",
    "duration": "seconds length videoLength clipLength videoDuration durationSeconds "
    "durationSecs lengthSeconds durationInSeconds",
    "outputQuality": "quality videoQuality",
    "outputFormat": "format fileFormat videoFormat container",
    "model": "modelId modelName modelVersion engine air",
    "seed": "randomSeed rngSeed seedValue",
    "resolution": "videoResolution outputResolution",
    "webhookURL": "webhook callback callbackUrl notifyUrl notificationUrl",
    "uploadEndpoint": "upload uploadUrl outputUrl destination",
    "safety.checkContent": "safetyCheck safetyChecker enableSafetyChecker checkNsfw nsfwCheck moderation",
    "providerSettings.bytedance.audio": "sound hasAudio withAudio enableAudio generateAudio includeAudio",
    "providerSettings.bytedance.cameraFixed": "fixedCamera fixCamera lockCamera lockedCamera staticCamera",
}
_FORMS = {
    "`prompt: …` in the shot": "text textPrompt promptText positivePrompt",
    "`frames: {first: …}`": "image images imageUrl inputImage initImage startImage startFrame firstFrame "
    "firstImage firstFrameImage firstFrameUrl imagePrompt",
    "`frames: {last: …}`": "lastFrame lastImage lastFrameImage lastFrameUrl endFrame endImage tailImage imageTail",
    "`aspect: …`": "aspectRatio ratio",
    "`draft: true`": "draftMode",
    "`aspect: …` with settings: {resolution: …}": "size dimensions videoSize",
}
_NOTHING = {
    "say in the prompt what is wanted instead: the video models here have no negative prompt": (
        "negativePrompt negative negPrompt negativeText"
    ),
    "leave it out: the video models here set the frames a second themselves": (
        "fps frameRate framesPerSecond"
    ),
    "leave it out: the video models here have no such setting": (
        "steps numInferenceSteps inferenceSteps cfgScale cfg guidance guidanceScale scheduler sampler strength "
        "motion motionBucketId motionStrength lora loras watermark"
    ),
    "leave it out: what you write is what is sent": (
        "promptOptimizer promptEnhance enhancePrompt promptExpansion promptExtend promptUpsampling"
    ),
}
_ALL = {
    **{
        folded(one): Synonym(setting=name)
        for name, words in _SETTINGS.items()
        for one in words.split()
    },
    **{folded(one): Synonym(form=form) for form, words in _FORMS.items() for one in words.split()},
    **{
        folded(one): Synonym(todo=todo)
        for todo, words in _NOTHING.items()
        for one in words.split()
    },
}
WORDS = tuple(
    one
    for table in (_SETTINGS, _FORMS, _NOTHING)
    for words in table.values()
    for one in words.split()
)
