package org.consentgateway.sip.trunk;

/**
 * How a trunk writes telephone numbers, and how they become E.164. Immutable.
 *
 * @param countryCode without +, such as "49"
 * @param internationalPrefix such as "00"
 * @param nationalPrefix such as "0"; the empty string where national numbers bear none
 * @param withoutPrefix what plain digits without any prefix are
 */
public record Numbering(
        String countryCode,
        String internationalPrefix,
        String nationalPrefix,
        WithoutPrefix withoutPrefix) {
    public static final Numbering GERMANY = new Numbering("49", "00", "0", WithoutPrefix.EXTENSION);

    /** What digits are that bear no prefix. */
    public enum WithoutPrefix {
        /** No public number: left as they are. */
        EXTENSION,
        NATIONAL,
        /** E.164 without the +. */
        INTERNATIONAL
    }

    /** E.164 allows fifteen digits; fewer than seven after the country is no public number. */
    private static final int MOST_DIGITS = 15;

    private static final int FEWEST_DIGITS = 7;

    /**
     * @param user a SIP or tel URI's user part, parameters cut off
     * @return E.164 with +, or the empty string where it is no public number (an extension, a name)
     */
    public String normalise(String user) {
        String digits = withoutSeparators(withoutOptionalPrefix(user));
        if (digits.isEmpty()) {
            return "";
        }
        if (digits.charAt(0) == '+') {
            return e164(digits.substring(1));
        }
        if (digits.startsWith(internationalPrefix)) {
            return e164(digits.substring(internationalPrefix.length()));
        }
        if (!nationalPrefix.isEmpty() && digits.startsWith(nationalPrefix)) {
            return e164(countryCode + digits.substring(nationalPrefix.length()));
        }
        return switch (withoutPrefix) {
            case EXTENSION -> "";
            case NATIONAL -> e164(countryCode + digits);
            case INTERNATIONAL -> e164(digits);
        };
    }

    private static String e164(String digits) {
        boolean possible =
                digits.length() >= FEWEST_DIGITS
                        && digits.length() <= MOST_DIGITS
                        && digits.charAt(0) != '0'
                        && digits.indexOf('+') < 0;
        return possible ? "+" + digits : "";
    }

    /** "+49 (0)30 …" says how it is dialled from inside the country as well (DIN 5008). */
    private String withoutOptionalPrefix(String user) {
        boolean fromAbroad = user.startsWith("+") || user.startsWith(internationalPrefix);
        return fromAbroad && !nationalPrefix.isEmpty()
                ? user.replace("(" + nationalPrefix + ")", "")
                : user;
    }

    /** RFC 3966 §5.1.1 visual separators go; anything but digits and a leading + makes it empty. */
    private static String withoutSeparators(String user) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < user.length(); i++) {
            char c = user.charAt(i);
            if ((c >= '0' && c <= '9') || (c == '+' && digits.isEmpty())) {
                digits.append(c);
            } else if ("-.() ".indexOf(c) < 0) {
                return "";
            }
        }
        return digits.toString();
    }
}
