package org.consentgateway.call.spoken;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.consentgateway.call.answer.Said;

/**
 * Immutable. The disclosure that is told again in a long talk with an assistant, to both of them.
 * It asks nothing: it changes neither what was agreed to nor how it can be ended.
 *
 * @param every from the beginning of the talk, and from one to the next
 * @param said told when it began and how far it came, on the call's thread
 */
public record Reminder(Duration every, Utterance utterance, BiConsumer<Instant, Said> said) {}
