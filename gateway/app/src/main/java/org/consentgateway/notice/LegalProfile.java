package org.consentgateway.notice;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Immutable. {@code config/notices/profiles/NAME.yaml}: the sentences that the law of one country
 * asks a notice to say, as of one day.
 *
 * @param answerWithin how long a person may take to answer a request for access or erasure
 * @param review the day after which somebody has to look at the law again
 */
record LegalProfile(
        String name, LocalDate asOf, LocalDate review, Period answerWithin, List<Demand> demands) {
    static final Period ONE_MONTH = Period.ofMonths(1);

    /**
     * One of them.
     *
     * @param says what is to be said, after "that", "who" or "how"
     * @param law that asks for it
     * @param parts in which it has to stand
     * @param words by language: one of them is enough
     */
    record Demand(String says, String law, List<String> parts, Map<String, List<String>> words) {}

    static Optional<LegalProfile> read(Path file, List<NoticeProblem> problems) {
        return Form.read(file, problems)
                .map(form -> {
                    var profile =
                            new LegalProfile(
                                    form.text("name", "de-2026-08"),
                                    form.date("as-of", "2026-08-02"),
                                    form.date("review", "2027-08-01"),
                                    form.period("answer-within", "P1M"),
                                    form
                                            .forms("demands", "demands: a list with says, law, ...")
                                            .stream()
                                            .map(LegalProfile::demand)
                                            .toList());
                    form.noOthers();
                    if (!file.getFileName().toString().equals(profile.name + ".yaml")) {
                        problems.add(
                                new NoticeProblem(
                                        form.spot("name"),
                                        "name and name of the file differ",
                                        profile.name + ".yaml"));
                    }
                    return profile;
                });
    }

    private static Demand demand(Form form) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        Form byLanguage = form.form("words", "words: {de: [KI], en: [AI]}");
        byLanguage
                .keys()
                .forEach(language -> words.put(language, byLanguage.list(language, "[KI]")));
        var demand =
                new Demand(
                        form.text("says", "that an AI speaks"),
                        form.text("law", "AI Act Art. 50(1)"),
                        form.list("parts", "[opening]"),
                        Map.copyOf(words));
        form.noOthers();
        return demand;
    }
}
