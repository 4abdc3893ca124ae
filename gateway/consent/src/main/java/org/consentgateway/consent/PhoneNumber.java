package org.consentgateway.consent;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Immutable. A telephone number at which somebody wants to be reached. The only place in the domain
 * where a number stands: it does not print itself.
 *
 * @param text E.164 with its +, or digits as the caller dialled them, where they lead to nobody
 *     else's country by themselves, such as an extension
 */
public record PhoneNumber(String text) {
    /** What others send as a number of E.164, the shortest in use anywhere among them. */
    public static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");

    /** E.164 has fifteen digits at most; with a prefix in front of them it is a few more. */
    private static final Pattern FORM = Pattern.compile("\\+[1-9][0-9]{5,14}|[0-9]{5,17}");

    /**
     * Germany's numbers of services: directory (118), new (12), mass traffic (137, 138), shared
     * cost (180), the former 19, premium rate (900). Nobody may show one of the dear ones as their
     * own (§ 120 TKG), so whoever does wants it called. And what a town's network takes for a call
     * for help: 110 and 112 behind an area code.
     */
    private static final Pattern SERVICE =
            Pattern.compile("\\+49(?:(?:118|12|13[78]|180|19|900)[0-9]*|[0-9]{2,5}11[02])");

    public PhoneNumber {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not a telephone number");
        }
    }

    public static boolean is(String text) {
        return FORM.matcher(text).matches();
    }

    /** Whether it is complete, so that it means the same everywhere. */
    public boolean isE164() {
        return text.startsWith("+");
    }

    /**
     * Whether it may be called though only a caller has named it, who need not be its holder.
     *
     * @param prefixes of numbers that are called, such as "+49"
     */
    public boolean mayBeCalled(List<String> prefixes) {
        return prefixes.stream().anyMatch(text::startsWith) && !SERVICE.matcher(text).matches();
    }

    /** Its digits one by one, as they are spoken. */
    public List<Character> digits() {
        return text.chars().filter(Character::isDigit).mapToObj(digit -> (char) digit).toList();
    }

    @Override
    public String toString() {
        return "PhoneNumber[hidden]";
    }
}
