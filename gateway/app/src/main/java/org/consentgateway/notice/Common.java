package org.consentgateway.notice;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.speech.words.Language;
import org.consentgateway.speech.words.Languages;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. {@code config/notices/common/LANG.yaml}: what the notices of one language share.
 *
 * @param language how it is read out, and how hard it is
 * @param information how the second layer is made; null where each notice writes its own
 */
record Common(
        Language language,
        Answers answers,
        Plain plain,
        Meant meant,
        Map<String, NoticeText> texts,
        @Nullable InformationPatterns information) {

    /**
     * Immutable. How answers are offered.
     *
     * @param agree how a yes is called
     * @param refuse how a no is called
     * @param say verbs that offer to speak
     * @param press verbs that offer a key
     * @param weightless words that do not count when the ways to yes and no are compared
     * @param withdraw how the ways to withdraw by keys are called (Art. 7(3) DSGVO)
     * @param withdrawWords those to withdraw by words; none where no words are told
     * @param pressure words a question must not contain
     */
    record Answers(
            List<String> agree,
            List<String> refuse,
            List<String> say,
            List<String> press,
            List<String> weightless,
            List<String> withdraw,
            List<String> withdrawWords,
            List<String> pressure) {}

    /**
     * Immutable. What callers understand.
     *
     * @param example how an example begins
     * @param jargon beginnings of words callers do not use, to what to say instead
     * @param everyday long words that everybody knows
     */
    record Plain(List<String> example, Map<String, String> jargon, List<String> everyday) {}

    /**
     * Immutable. What words mean, so that a file cannot claim of them what nobody heard.
     *
     * @param durations as the configuration writes them, to the words that say so
     * @param onlyFor a purpose, to words that no other purpose is asked in
     */
    record Meant(Map<String, List<String>> durations, Map<String, List<String>> onlyFor) {
        /** Words that say so; P1Y is P12M. */
        List<String> sayingSo(String duration) {
            return durations.getOrDefault(normal(duration), List.of());
        }

        private static String normal(String duration) {
            try {
                return ValidityPeriod.parse(duration)
                                instanceof ValidityPeriod.Lasting(Period period, Duration time)
                        ? period.normalized() + "" + time
                        : duration;
            } catch (IllegalArgumentException e) {
                return duration; // matches nothing
            }
        }
    }

    static Optional<Common> read(Path file, Languages languages, List<NoticeProblem> problems) {
        return Form.read(file, problems)
                .flatMap(form -> {
                    String code = form.text("language", "de");
                    Optional<Language> language = languages.find(code);
                    if (language.isEmpty() && !code.isEmpty()) {
                        problems.add(
                                new NoticeProblem(
                                        form.spot("language"),
                                        "nothing says how \"" + code + "\" is read out",
                                        "a file config/languages/" + code + ".yaml"));
                    }
                    return language.map(known -> read(form, known));
                });
    }

    private static Common read(Form form, Language language) {
        Form rules = form.form("rules", "rules: with agree, refuse, ...");
        var common =
                new Common(
                        language,
                        answers(rules),
                        plain(rules),
                        meant(rules),
                        form.form("texts", "texts: with thanks, goodbye, ...").texts(),
                        form.maybeForm("information").map(InformationPatterns::of).orElse(null));
        rules.noOthers();
        form.noOthers();
        return common;
    }

    private static Answers answers(Form rules) {
        return new Answers(
                rules.list("agree", "[Ja]"),
                rules.list("refuse", "[Nein]"),
                rules.list("say", "[sagen]"),
                rules.list("press", "[drücken]"),
                rules.list("weightless", "[Sie, bitte]"),
                rules.list("withdraw", "[Stern neun]"),
                rules.maybeList("withdraw-words"),
                rules.list("pressure", "[leider]"));
    }

    private static Meant meant(Form rules) {
        Map<String, List<String>> durations = new LinkedHashMap<>();
        lists(rules.form("durations", "durations: {P12M: [ein Jahr]}"), "[ein Jahr]")
                .forEach((duration, words) -> durations.put(Meant.normal(duration), words));
        return new Meant(
                Map.copyOf(durations),
                lists(rules.form("only-for", "only-for: {marketing: [Werbung]}"), "[Werbung]"));
    }

    private static Map<String, List<String>> lists(Form form, String example) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        form.keys().forEach(key -> lists.put(key, form.list(key, example)));
        return lists;
    }

    private static Plain plain(Form rules) {
        Map<String, String> jargon = new LinkedHashMap<>();
        rules.form("jargon", "jargon: with Zweck, and wofür after it")
                .texts()
                .forEach((word, instead) -> jargon.put(word, instead.value()));
        return new Plain(
                rules.list("example", "[zum Beispiel]"),
                Map.copyOf(jargon),
                rules.list("everyday", "[Computer]"));
    }
}
