package org.consentgateway.line.text;

import java.util.regex.Pattern;

/** The keys of a line that is typed in place of pressing them. */
public final class TypedKeys {
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern AROUND = Pattern.compile("^[\\p{P}&&[^*#]]+|[\\p{P}&&[^*#]]+$");

    private TypedKeys() {}

    /** Blanks between keys, and punctuation around them, are no keys: "* 9", "*9.". */
    public static String of(String line) {
        return AROUND.matcher(BLANKS.matcher(line).replaceAll("")).replaceAll("");
    }
}
