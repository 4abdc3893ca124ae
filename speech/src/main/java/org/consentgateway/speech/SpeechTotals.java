package org.consentgateway.speech;

/**
 * What a recogniser has counted since it was opened; all but {@code listening} only grow.
 * Immutable.
 *
 * @param listening how many are listened to now
 * @param overLimit how often there was no place for a caller who was asked
 * @param talksOverLimit how often there was none for a talk
 * @param framesDropped frames that found their queue full
 * @param understood utterances that passed the decision rule
 * @param notUnderstood utterances that did not
 * @param late listenings given up because their worker was late
 * @param crashed listenings given up because the recogniser failed
 * @param workersReplaced threads that did not come back from native code
 */
public record SpeechTotals(
        int listening,
        long opened,
        long overLimit,
        long talksOverLimit,
        long framesDropped,
        long understood,
        long notUnderstood,
        long late,
        long crashed,
        long workersReplaced) {
    static final SpeechTotals NONE = new SpeechTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
