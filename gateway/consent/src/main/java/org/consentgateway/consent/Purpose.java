package org.consentgateway.consent;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Immutable. One end for which data may be processed (Art. 5 (1) (b) DSGVO).
 *
 * @param id lower-case letters, digits and hyphens, at most 40, such as "transcript"
 */
public record Purpose(String id) implements Comparable<Purpose> {
    /** Stands before the constants, which are checked by it. */
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    /** To talk to the AI; nothing is kept but the proof of consent. */
    public static final Purpose ASSISTANT = new Purpose("assistant");

    /** A transcript is kept to serve the request. */
    public static final Purpose TRANSCRIPT = new Purpose("transcript");

    /** The call is recorded. Asked in every call: the law protects each speaker (§ 201 StGB). */
    public static final Purpose RECORDING = new Purpose("recording");

    /** Recordings are used to make the assistant better. */
    public static final Purpose LEARNING = new Purpose("learning");

    /** To write or call with offers: § 7a UWG wants five years of proof. */
    public static final Purpose MARKETING = new Purpose("marketing");

    /** To be told each month what is stored, what holds until when, and how to change it. */
    public static final Purpose REPORT = new Purpose("report");

    /** To know a caller by the voice: explicit consent only, Art. 9 (2) (a) DSGVO. */
    public static final Purpose BIOMETRICS = new Purpose("biometrics");

    private static final Set<Purpose> EVERY_CALL = Set.of(RECORDING, LEARNING, BIOMETRICS);

    public Purpose {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not a purpose id: " + id);
        }
    }

    /** Whether an agreement to it is never remembered: it is asked for in every call. */
    public boolean everyCall() {
        return EVERY_CALL.contains(this);
    }

    /** Whether nothing of what the caller says is kept for it. */
    public boolean storesNothing() {
        return equals(ASSISTANT);
    }

    /** Whether what the caller says in the talk is kept for it, or read for more than an answer. */
    public boolean keepsTheTalk() {
        return !storesNothing() && !equals(MARKETING) && !equals(REPORT);
    }

    @Override
    public int compareTo(Purpose other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return id;
    }
}
