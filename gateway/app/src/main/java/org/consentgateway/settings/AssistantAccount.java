package org.consentgateway.settings;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Immutable. By what an assistant is known where it asks for something.
 *
 * @param sid shaped like Twilio's: AC and 32 hexadecimal digits
 * @param assistant its name
 * @param token read anew each time; none: it may ask for nothing
 * @param refers whether it may hand over callers
 */
public record AssistantAccount(
        String sid, String assistant, Supplier<Optional<String>> token, boolean refers) {
    @Override
    public String toString() {
        return "AssistantAccount[" + assistant + "]";
    }
}
