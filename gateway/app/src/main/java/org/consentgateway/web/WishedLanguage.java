package org.consentgateway.web;

import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** In which of our languages a browser wishes to be answered (RFC 9110 §12.5.4). */
public final class WishedLanguage {
    private WishedLanguage() {}

    /**
     * The first of those it names that we speak: browsers name them in their order.
     *
     * @param spoken as "de"
     * @param otherwise where it names none of them
     */
    public static String of(Context context, List<String> spoken, String otherwise) {
        String wished = Objects.requireNonNullElse(context.header("Accept-Language"), "");
        for (String each : wished.split(",", -1)) {
            String language = each.strip().split("[-;]", 2)[0].toLowerCase(Locale.ROOT);
            if (spoken.contains(language)) {
                return language;
            }
        }
        return otherwise;
    }
}
