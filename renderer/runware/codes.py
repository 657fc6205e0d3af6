"""Every error code that Runware documents or was seen to send, placed in a class."""

from enum import StrEnum


class Kind(StrEnum):
    """What an error code means for a task, and so what may be done about it."""

    REQUEST = "request"  # ours to fix: refused before anything was made, never billed
    MODEL = "model"  # the model is not served: refused, and so is every task for it
    KEY = "key"  # the key or the account: stop submitting, go on collecting
    MONEY = "money"  # the balance is spent: stop submitting, go on collecting
    RATE = "rate"  # too fast: wait, then the same body under the same id
    DUPLICATE = "duplicate"  # this taskUUID is known: it was accepted before
    SAFETY = "safety"  # moderation; the same request is refused again
    TIMEOUT = "timeout"  # the provider gave up; a new attempt needs a new id
    PROVIDER = "provider"  # the model's host failed; a few new attempts are sensible
    GONE = "gone"  # the task or the media is not there
    CANCELLED = "cancelled"  # somebody stopped the task; not for us to start it again
    SERVER = "server"  # Runware itself failed; wait and ask again
    UNKNOWN = "unknown"  # an undocumented code: kept verbatim, never retried blindly


_CODES: dict[Kind, str] = {
    Kind.REQUEST: """
        unsupportedDuration missingDimensionParameters invalidReferenceImages
        invalidValueUploadFailed invalidFrameImageWidth invalidDuration
        missingPositivePrompt invalidPositivePrompt invalidPositivePromptLength
        unsupportedParameter unknownParameter incompatibleParameters unsupportedTaskType
        valueTooLarge arrayTooSmall mismatchProviderSettingsProvider
        unknownProviderSettingsProvider validationFailed missingParameter invalidParameter
        invalidJSON""",
    Kind.MODEL: """
        modelNotFound unknownModel invalidModel modelDisabled modelUnavailable modelRetired
        modelDeprecated modelNotAvailable""",
    Kind.KEY: """
        invalidApiKey missingApiKey unauthorized forbidden permissionDenied
        authenticationFailed tokenExpired accountSuspended organizationDisabled
        insufficientPermissions authTimeout""",
    Kind.MONEY: """
        insufficientCredits providerInsufficientCredits thirdPartyInsufficientCredits
        quotaExceeded paymentRequired environmentPaused""",
    Kind.RATE: """
        rateLimitExceeded inferenceRateLimitExceeded inferenceRateLimitRequestTooLarge
        providerRateLimitExceeded""",
    Kind.DUPLICATE: "conflictTaskUUID conflictTaskUUIDDuringRetries",
    Kind.SAFETY: """
        invalidProviderContent contentPolicyViolation providerContentPolicyViolation
        sensitiveContentDetected unsafeContentDetected nsfwContentDetected promptBlocked
        imageBlocked moderationFailed safety""",
    Kind.TIMEOUT: "timeoutProvider timeout providerTimeout providerGatewayTimeout webhookTimeout",
    Kind.PROVIDER: """
        providerError providerUnavailable providerBadGateway providerInternalError
        providerUnknownError providerAuthenticationFailed inferenceError processingFailed
        taskFailed downloadFailed uploadFailed noAvailableServer modelNotReady
        mediaStorageFileCouldNotBeMoved""",
    Kind.GONE: """
        taskNotFound mediaNotFound taskExpired mediaExpired taskFailedOrNotFound""",
    Kind.CANCELLED: "taskCancelled taskCanceled cancelled canceled",
    Kind.SERVER: """
        internalServerError serviceUnavailable serverUnavailable standardError unknownError
        undefinedError defaultError unrecognizedResponse errorRetrievingAccountManagement""",
}

KINDS: dict[str, Kind] = {code: kind for kind, codes in _CODES.items() for code in codes.split()}

# Unlisted codes follow the provider's habits of naming: a task type before the word
# (videoInferenceInsufficientCredits), or the fault before the parameter (invalidFrameCount).
_ENDINGS: tuple[tuple[str, Kind], ...] = (
    ("insufficientcredits", Kind.MONEY),
    ("quotaexceeded", Kind.MONEY),
    ("ratelimitexceeded", Kind.RATE),
    ("conflicttaskuuid", Kind.DUPLICATE),
    ("invalidapikey", Kind.KEY),
    ("modeldisabled", Kind.MODEL),
    ("modelunavailable", Kind.MODEL),
    ("modelnotfound", Kind.MODEL),
    ("contentpolicyviolation", Kind.SAFETY),
    ("timeout", Kind.TIMEOUT),
)
_BEGINNINGS: tuple[tuple[str, Kind], ...] = (
    ("invalid", Kind.REQUEST),
    ("unsupported", Kind.REQUEST),
    ("missing", Kind.REQUEST),
    ("provider", Kind.PROVIDER),
)


def kind_of(code: str) -> Kind:
    """Return the class of an error code: as listed, else by its form, else UNKNOWN."""
    if code in KINDS:
        return KINDS[code]
    low = code.lower()
    ending = next((kind for end, kind in _ENDINGS if low.endswith(end)), None)
    beginning = next((kind for start, kind in _BEGINNINGS if low.startswith(start)), None)
    return ending or beginning or Kind.UNKNOWN
