package org.consentgateway.notice;

import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Immutable. How a language says the second layer: sentences with words in capitals that are put
 * in, {@code information} in {@code common/LANG.yaml}.
 *
 * @param erasedToo what is said of further purposes, behind the sentence of the first
 * @param key how the keys that end one purpose are called
 * @param what by purpose: how what is made for it is called
 * @param after by unit (day, month, year): one of it and several, behind "after"
 * @param lasting the same, behind "for"
 * @param dot how the dot of a web address is read
 */
record InformationPatterns(
        String controller,
        String recipient,
        String erased,
        String erasedToo,
        String key,
        String ending,
        String keeping,
        String rights,
        String readMore,
        String dot,
        Map<String, String> what,
        Map<String, List<String>> after,
        Map<String, List<String>> lasting) {
    private static final List<String> UNITS = List.of("day", "month", "year");

    static InformationPatterns of(Form form) {
        Form what = form.form("what", "what: {transcript: Mitschriften}");
        var nouns = new java.util.TreeMap<String, String>();
        what.texts().forEach((purpose, text) -> nouns.put(purpose, text.value()));
        var patterns =
                new InformationPatterns(
                        form.text("responsible", "Verantwortlich ist CONTROLLER."),
                        form.text("runs", "Die KI läuft bei NAME in COUNTRY."),
                        form.text("kept", "WHAT löschen wir nach TIME."),
                        form.text("kept-too", "WHAT nach TIME"),
                        form.text("key", "Stern acht"),
                        form.text("ends", "KEY nimmt Ihr letztes Ja zurück."),
                        form.text("proof", "Ihr Ja heben wir TIME auf."),
                        form.text("rights", "Sie dürfen wissen, was wir speichern."),
                        form.text("address", "Mehr steht auf ADDRESS."),
                        form.text("dot", "Punkt"),
                        Map.copyOf(nouns),
                        units(form.form("after", "after: {day: [einem Tag, N Tagen]}")),
                        units(form.form("for", "for: {day: [einen Tag, N Tage]}")));
        form.noOthers();
        return patterns;
    }

    private static Map<String, List<String>> units(Form form) {
        var units = new java.util.TreeMap<String, List<String>>();
        UNITS.forEach(unit -> units.put(unit, form.list(unit, "[einem Tag, N Tagen]")));
        form.noOthers();
        return Map.copyOf(units);
    }

    String responsible(String name) {
        return controller.replace("CONTROLLER", name);
    }

    String runs(String name, String country) {
        return recipient.replace("NAME", name).replace("COUNTRY", country);
    }

    /**
     * One sentence; empty where there is no word for what is made for any of these purposes.
     *
     * @param times by purpose
     */
    Optional<String> kept(Map<String, Period> times) {
        var sentence = new StringBuilder();
        times.forEach((purpose, time) -> {
            String noun = what.get(purpose);
            if (noun != null) {
                String said =
                        (sentence.isEmpty() ? erased : erasedToo)
                                .replace("WHAT", noun)
                                .replace("TIME", time(after, time))
                                .replaceFirst("\\.$", "");
                sentence.append(sentence.isEmpty() ? "" : ", ").append(said);
            }
        });
        return sentence.isEmpty() ? Optional.empty() : Optional.of(sentence + ".");
    }

    /** How a purpose is ended while the talk goes on. */
    String ends() {
        return ending.replace("KEY", key);
    }

    String proof(Period time) {
        return keeping.replace("TIME", time(lasting, time));
    }

    String address(String web) {
        return readMore.replace("ADDRESS", spoken(web));
    }

    /** As it is read out. */
    String spoken(String web) {
        return web.replaceFirst("^https?://", "")
                .replaceFirst("/$", "")
                .replace(".", " " + dot + " ");
    }

    /** Each unit of a time, as it is said behind "after" or behind "for". */
    Stream<List<String>> timesAfterAndFor(Period time) {
        List<String> behindAfter = units(after, time);
        List<String> behindFor = units(lasting, time);
        return java.util.stream.IntStream.range(0, behindAfter.size())
                .mapToObj(i -> List.of(behindAfter.get(i), behindFor.get(i)));
    }

    private static String time(Map<String, List<String>> words, Period time) {
        return String.join(" ", units(words, time));
    }

    private static List<String> units(Map<String, List<String>> words, Period time) {
        var said = new ArrayList<String>();
        long months = time.toTotalMonths();
        add(said, words.getOrDefault("year", List.of()), months / 12);
        add(said, words.getOrDefault("month", List.of()), months % 12);
        add(said, words.getOrDefault("day", List.of()), time.get(ChronoUnit.DAYS));
        return said;
    }

    private static void add(List<String> said, List<String> forms, long number) {
        if (number > 0 && !forms.isEmpty()) {
            said.add(
                    number == 1
                            ? forms.getFirst()
                            : forms.getLast().replace("N", Long.toString(number)));
        }
    }
}
