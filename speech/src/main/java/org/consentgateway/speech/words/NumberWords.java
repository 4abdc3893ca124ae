package org.consentgateway.speech.words;

/** Cardinal numbers as they are spoken, 0 to 999 999. Immutable. */
final class NumberWords {
    private static final int LIMIT = 1_000_000;
    private static final String[] DE = {
        "null",
        "eins",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "siebzehn",
        "achtzehn",
        "neunzehn"
    };
    private static final String[] DE_TENS = {
        "", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig",
        "neunzig"
    };
    private static final String[] EN = {
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen"
    };
    private static final String[] EN_TENS = {
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
    };

    private NumberWords() {}

    /** Whether the numbers of this language are known here. */
    static boolean knows(String language) {
        return language.equals("de") || language.equals("en");
    }

    /** Digit by digit if the number is too long to be one, as with telephone numbers. */
    static String spoken(String language, String digits) {
        if (digits.length() > 6 || (digits.length() > 1 && digits.startsWith("0"))) {
            var each = new StringBuilder();
            for (int i = 0; i < digits.length(); i++) {
                each.append(each.isEmpty() ? "" : " ")
                        .append(spoken(language, digits.substring(i, i + 1)));
            }
            return each.toString();
        }
        int n = Integer.parseInt(digits);
        return switch (language) {
            case "de" -> german(n);
            default -> english(n);
        };
    }

    private static String german(int n) {
        assert n < LIMIT;
        if (n < 20) {
            return DE[n];
        }
        if (n < 100) {
            String unit = n % 10 == 1 ? "ein" : DE[n % 10];
            return (n % 10 == 0 ? "" : unit + "und") + DE_TENS[n / 10];
        }
        int step = n < 1000 ? 100 : 1000;
        String head = n / step == 1 ? "ein" : german(n / step);
        return head
                + (step == 100 ? "hundert" : "tausend")
                + (n % step == 0 ? "" : german(n % step));
    }

    private static String english(int n) {
        assert n < LIMIT;
        if (n < 20) {
            return EN[n];
        }
        if (n < 100) {
            return EN_TENS[n / 10] + (n % 10 == 0 ? "" : "-" + EN[n % 10]);
        }
        int step = n < 1000 ? 100 : 1000;
        return english(n / step)
                + (step == 100 ? " hundred" : " thousand")
                + (n % step == 0 ? "" : " " + english(n % step));
    }
}
