package org.consentgateway.call.spoken;

/**
 * Immutable. What is spoken right after a yes, while that yes rests.
 *
 * @param utterance without parts where nothing is
 * @param question whether it asks the next question: a no that comes at once then belongs to the
 *     one before
 */
public record Next(Utterance utterance, boolean question) {}
