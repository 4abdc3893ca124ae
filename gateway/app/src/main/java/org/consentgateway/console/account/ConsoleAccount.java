package org.consentgateway.console.account;

import java.util.regex.Pattern;
import org.consentgateway.api.ApiBody;

/**
 * Immutable. Somebody who may sign in.
 *
 * @param name to sign in with, such as "a.weber"
 * @param person as records name them, such as "Anna Weber"
 * @param totp secret of the second factor
 */
public record ConsoleAccount(
        String name, String person, ConsoleRole role, PasswordHash password, TotpSecret totp) {
    /** Of the whole name. */
    public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{1,39}");

    public static final String NAME_IN_WORDS =
            "2 to 40 of lower-case letters, digits and . _ -, such as a.weber";

    /** Whether it names a person: what the API takes for who does something. */
    public static boolean isPerson(String text) {
        return ApiBody.isPerson(text);
    }

    @Override
    public String toString() {
        return "ConsoleAccount[" + name + "]";
    }
}
