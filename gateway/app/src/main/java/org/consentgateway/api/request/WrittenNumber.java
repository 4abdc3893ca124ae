package org.consentgateway.api.request;

import java.util.regex.Pattern;
import org.consentgateway.ledger.keys.Pseudonyms;

/** A telephone number as people write it. */
public final class WrittenNumber {
    private static final Pattern EASIER_TO_READ = Pattern.compile("[\\s\\h./-]");
    private static final Pattern INTERNATIONAL =
            Pattern.compile("^\\(?(?:\\+|00)([1-9][0-9]*)\\)?");

    /** +49 (0)30 …: dialled within the country alone. */
    private static final Pattern TRUNK_PREFIX = Pattern.compile("^(\\+[0-9]{1,3})\\(0\\)");

    /** Italy and San Marino: there it is part of the number, from abroad as well. */
    private static final Pattern ZERO_STAYS = Pattern.compile("^(\\+(?:39|378))\\(0");

    private static final Pattern BRACKETED_ZERO = Pattern.compile("\\(0");
    private static final Pattern BRACKETS = Pattern.compile("[()]");

    private WrittenNumber() {}

    /**
     * As machines write it, without what only makes it easier to read. A zero in brackets that is
     * nothing of the above stays as it is, so that it is no number of {@link Pseudonyms#E164}: with
     * it, the number would be another caller's.
     */
    public static String e164(String written) {
        String tight = EASIER_TO_READ.matcher(written).replaceAll("");
        String number = INTERNATIONAL.matcher(tight).replaceFirst("+$1");
        number = ZERO_STAYS.matcher(number).replaceFirst("$10");
        number = TRUNK_PREFIX.matcher(number).replaceFirst("$1");
        return BRACKETED_ZERO.matcher(number).find()
                ? number
                : BRACKETS.matcher(number).replaceAll("");
    }
}
