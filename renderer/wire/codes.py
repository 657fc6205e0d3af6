"""Every error code that Runware documents or was seen to send, placed in a class."""

from enum import StrEnum


class Kind(StrEnum):
    """What an error code means for a task, and so what may be done about it."""

    REQUEST = "request"  # ours to fix: refused before anything was made, never billed
    KEY = "key"  # the key or the account: stop submitting, go on collecting
    MONEY = "money"  # the balance is spent: stop submitting, go on collecting
    RATE = "rate"  # too fast: wait, then the same body under the same id
    DUPLICATE = "duplicate"  # this taskUUID is known: it was accepted before
    SAFETY = "safety"  # moderation; the same request is refused again
    TIMEOUT = "timeout"  # the provider gave up; a new attempt needs a new id
    PROVIDER = "provider"  # the model's host failed; a few new attempts are sensible
    GONE = "gone"  # the task, the media or the model is not there
    SERVER = "server"  # Runware itself failed; wait and ask again
    UNKNOWN = "unknown"  # a code nobody described: kept word for word, never retried blindly


_CODES: dict[Kind, str] = {
    Kind.REQUEST: """
        unsupportedDuration missingDimensionParameters invalidReferenceImages
        invalidValueUploadFailed invalidFrameImageWidth invalidDuration invalidModel
        missingPositivePrompt invalidPositivePrompt invalidPositivePromptLength
        unsupportedParameter unknownParameter incompatibleParameters unsupportedTaskType
        valueTooLarge arrayTooSmall mismatchProviderSettingsProvider
        unknownProviderSettingsProvider validationFailed missingParameter invalidParameter
        invalidJSON""",
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
        taskFailed downloadFailed uploadFailed noAvailableServer modelUnavailable
        modelDisabled modelNotReady mediaStorageFileCouldNotBeMoved""",
    Kind.GONE: """
        modelNotFound taskNotFound mediaNotFound taskExpired mediaExpired taskCancelled
        taskFailedOrNotFound unknownModel""",
    Kind.SERVER: """
        internalServerError serviceUnavailable serverUnavailable standardError unknownError
        undefinedError defaultError unrecognizedResponse errorRetrievingAccountManagement""",
}

KINDS: dict[str, Kind] = {code: kind for kind, codes in _CODES.items() for code in codes.split()}


def kind_of(code: str) -> Kind:
    """Return the class of an error code; one that is not known is UNKNOWN."""
    return KINDS.get(code, Kind.UNKNOWN)
