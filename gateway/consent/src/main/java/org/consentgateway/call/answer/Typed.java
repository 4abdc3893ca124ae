package org.consentgateway.call.answer;

import org.consentgateway.consent.PhoneNumber;

/** Immutable. What a caller dialled when asked for a telephone number. None prints it. */
public sealed interface Typed {

    /**
     * @param number complete where it can be
     * @param dialled as it was dialled, to be read back
     */
    record Whole(PhoneNumber number, PhoneNumber dialled) implements Typed {}

    /** Keys that make no number. */
    record NoNumber() implements Typed {}

    /** No key. */
    record Nothing() implements Typed {}
}
