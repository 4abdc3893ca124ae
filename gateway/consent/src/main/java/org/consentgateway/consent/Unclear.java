package org.consentgateway.consent;

/** Why there is no answer. The names are those of the record, the metrics and the API. */
public enum Unclear {
    NO_INPUT,
    NO_MATCH,
    CONFLICT,
    HANGUP_DURING_OPENING,
    HANGUP_DURING_QUESTION,
    PROMPT_INCOMPLETE,
    ERROR
}
