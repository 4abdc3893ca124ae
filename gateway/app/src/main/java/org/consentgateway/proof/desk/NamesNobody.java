package org.consentgateway.proof.desk;

import java.util.regex.Pattern;

/** Words that outlive the erasure of the one they are about: no telephone number stands in them. */
public final class NamesNobody {
    public static final String IN_WORDS =
            "without a telephone number: up to five digits with no word between them, but for dates"
                    + " and times such as 2026-11-30, 30.11.2026 and 14:30";

    /** Of a local number without an area code; nobody's is shorter. */
    private static final int FEWEST_OF_A_NUMBER = 6;

    private static final String DAY = "(?:0?[1-9]|[12][0-9]|3[01])";
    private static final String MONTH = "(?:0?[1-9]|1[0-2])";
    private static final String YEAR = "(?:19|20)[0-9]{2}";

    /** A date, a time, or what has its number within a year: (EU) 2016/679, case 2026-000123. */
    private static final String KNOWN =
            "(?:"
                    + String.join(
                            "|",
                            YEAR + "-" + MONTH + "-" + DAY,
                            DAY + "\\. ?" + MONTH + "\\.(?: ?(?:" + YEAR + "|[0-9]{2}))?",
                            "(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?",
                            YEAR + "[/-][0-9]{1,6}")
                    + ")";

    private static final Pattern SOME_KNOWN =
            Pattern.compile(KNOWN + "(?:[ ,;()\u2013-]{1,3}" + KNOWN + "){0,3}\\.?");

    private NamesNobody() {}

    /** Whatever stands between the digits but letters, and in whichever script they are. */
    public static boolean isTrueOf(String text) {
        int first = 0;
        int end = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int sign = text.codePointAt(i);
            if (isDigit(sign)) {
                first = digits == 0 ? i : first;
                end = i + Character.charCount(sign);
                digits++;
            } else if (Character.isLetter(sign)) {
                if (mayBeANumber(text, first, end, digits)) {
                    return false;
                }
                digits = 0;
            }
        }
        return !mayBeANumber(text, first, end, digits);
    }

    private static boolean mayBeANumber(String text, int first, int end, int digits) {
        int behind = text.startsWith(".", end) ? end + 1 : end; // as in 30.11.
        return digits >= FEWEST_OF_A_NUMBER
                && !SOME_KNOWN.matcher(text.substring(first, behind)).matches();
    }

    /** Also raised, encircled and the like. */
    private static boolean isDigit(int sign) {
        return Character.isDigit(sign) || Character.getType(sign) == Character.OTHER_NUMBER;
    }
}
