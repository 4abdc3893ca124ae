package org.consentgateway.speech;

/** What a caller can mean. The words for each, per language, are in {@code config/lexicon}. */
public enum SpokenMeaning {
    AGREE,
    REFUSE,
    WITHDRAW,
    REPEAT,
    HELP,
    OTHER_LANGUAGE,
    HUMAN,
    /** What happens to the data: "Datenschutz". */
    INFORMATION,
    /** "Löschen": asks for erasure. */
    ERASE,
    /** "Beschwerde". */
    COMPLAIN,
    /**
     * "Nicht mehr mitschreiben": nothing of what is said may be kept any more; the talk goes on.
     */
    KEEP_NOTHING,
    /** "Ja, aber nicht aufnehmen", "ja nee": words of both kinds. Never a yes. */
    HEDGED,
    /**
     * "[unk] nicht": a negation that belongs to nothing known, without a yes beside it. Listened
     * for only where a no undoes what was agreed to, since it may be a piece of anything.
     */
    NEGATED,
    ONE,
    TWO,
    THREE,
    FOUR,
    FIVE,
    ZERO
}
