package org.consentgateway.notice;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Parts;
import org.consentgateway.speech.voice.Prompt;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.SpeechLevel;
import org.consentgateway.speech.words.Formula;
import org.consentgateway.speech.words.Readability;

/**
 * Immutable. All notices as an editor wants to see them: every part with its scores, and every
 * problem. Wrong ones are told, not thrown.
 *
 * @param cautions the overdue ones among them
 * @param overdue by which a day has passed
 */
public record NoticeReport(
        List<Row> rows,
        List<NoticeProblem> errors,
        List<NoticeProblem> cautions,
        List<NoticeProblem> overdue) {

    /**
     * @param notice such as {@code demo/de/2026-11}
     * @param longest words of its longest sentence
     * @param scores by the formulas of its language; empty where the text is too short to score
     * @param sound empty where there is none
     */
    public record Row(
            String notice,
            String language,
            String part,
            String text,
            int words,
            int longest,
            Map<Formula, Double> scores,
            Optional<Sound> sound) {}

    /**
     * How a part is spoken.
     *
     * @param dbov level of the active speech
     * @param pauses share of the time in which nothing is said
     * @param wrong what of it no gateway would start with
     */
    public record Sound(
            double seconds, double dbov, double pauses, String voice, List<NoticeProblem> wrong) {
        public Sound {
            wrong = List.copyOf(wrong);
        }
    }

    public NoticeReport {
        rows = List.copyOf(rows);
        errors = List.copyOf(new LinkedHashSet<>(errors));
        cautions = List.copyOf(new LinkedHashSet<>(cautions));
        overdue = List.copyOf(new LinkedHashSet<>(overdue));
    }

    public static NoticeReport of(TextSources sources, PromptLibrary prompts) {
        NoticeFindings findings = NoticeFindings.none();
        List<NoticeDraft> drafts =
                NoticeLibrary.checked(
                        sources,
                        NoticeLibrary.profiles(sources.notices(), findings.errors()),
                        prompts,
                        findings);
        var rows = new ArrayList<Row>();
        for (NoticeDraft draft : drafts) {
            draft.parts().forEach((part, text) -> rows.add(row(draft, part, text, prompts)));
        }
        return new NoticeReport(rows, findings.errors(), findings.cautions(), findings.overdue());
    }

    /**
     * A version as its file has it.
     *
     * @param name as in {@link Row}
     * @param review after which day somebody has to read it again
     * @param approvedBy empty where nobody has signed it off
     * @param approvedOn empty where nobody has
     */
    public record Written(
            String name,
            Key key,
            LocalDate validFrom,
            LocalDate review,
            String approvedBy,
            String approvedOn) {}

    /** By which records name it. */
    public record Key(String lineage, String language, String version, String variant) {}

    /** Every version there is, of each notice the newest last. */
    public static List<Written> written(TextSources sources) {
        return drafts(sources, new ArrayList<>()).stream()
                .map(NoticeReport::written)
                .sorted(Comparator.comparing(Written::name))
                .toList();
    }

    private static Written written(NoticeDraft draft) {
        return new Written(
                name(draft),
                new Key(draft.lineage(), draft.language(), draft.version(), draft.variant()),
                draft.validFrom(),
                draft.review(),
                draft.signOff().who(),
                draft.signOff().when());
    }

    private static String name(NoticeDraft draft) {
        String name = draft.lineage() + "/" + draft.language() + "/" + draft.version();
        return name + (draft.variant().equals("a") ? "" : "." + draft.variant());
    }

    /**
     * The second layer of each notice that a line speaks, made from the configuration, by the
     * notice; empty where its language has no patterns for it.
     */
    public static Map<String, Optional<String>> information(TextSources sources) {
        var problems = new ArrayList<NoticeProblem>();
        var made = new TreeMap<String, Optional<String>>();
        for (NoticeDraft draft : drafts(sources, problems)) {
            var layer = new SecondLayer(draft, sources.use());
            if (layer.isSpoken()) {
                made.put(
                        draft.lineage() + "/" + draft.language() + "/" + draft.version(),
                        layer.text());
            }
        }
        return made;
    }

    /**
     * How long a person may take to answer a request, by the laws that the notices of all lines are
     * written for.
     */
    public static Set<Period> answerTimes(TextSources sources) {
        var problems = new ArrayList<NoticeProblem>();
        Map<String, LegalProfile> profiles = NoticeLibrary.profiles(sources.notices(), problems);
        Set<Period> times =
                drafts(sources, problems).stream()
                        .filter(draft -> new SecondLayer(draft, sources.use()).isSpoken())
                        .map(draft -> profiles.get(draft.profile().value()))
                        .filter(Objects::nonNull)
                        .map(LegalProfile::answerWithin)
                        .collect(Collectors.toSet());
        return orOneMonth(times);
    }

    /** The same of the texts as they were loaded, by which calls go. */
    public static Set<Period> answerTimes(NoticeLibrary notices, NoticeUse use) {
        return orOneMonth(
                use.lines().stream()
                        .flatMap(line ->
                                line.languages().stream()
                                        .flatMap(one -> notices.all(line.lineage(), one).stream()))
                        .map(Notice::answerWithin)
                        .collect(Collectors.toSet()));
    }

    private static Set<Period> orOneMonth(Set<Period> times) {
        return times.isEmpty() ? Set.of(LegalProfile.ONE_MONTH) : times;
    }

    /**
     * A text that a line speaks today.
     *
     * @param web where the information can be read; empty: nowhere
     * @param asked by purpose: its question, as it is spoken
     * @param law it is held to
     */
    public record Spoken(
            Written text,
            Notice.Controller controller,
            String web,
            Map<String, String> asked,
            Law law) {}

    /**
     * What the law of a country asks texts to say.
     *
     * @param review the day after which somebody has to look at the law again
     * @param answerWithin how long a person may take to answer a request
     */
    public record Law(
            String name,
            LocalDate asOf,
            LocalDate review,
            Period answerWithin,
            List<Demand> demands) {}

    /** One of them, in English. */
    public record Demand(String says, String law, List<String> parts) {}

    /**
     * The texts in force that a line speaks, as they were loaded: what their files say by now,
     * nobody hears before they are read again.
     */
    public static List<Spoken> spoken(NoticeLibrary notices, NoticeUse use) {
        Map<String, Spoken> all = new TreeMap<>();
        for (NoticeUse.Speaking line : use.lines()) {
            for (String language : line.languages()) {
                notices.inForce(line.lineage(), language, line.texts().today()).stream()
                        .filter(use::isHeard)
                        .map(notice -> spoken(notices.draft(notice), notices.law(notice)))
                        .forEach(spoken -> all.put(spoken.text().name(), spoken));
            }
        }
        return List.copyOf(all.values());
    }

    private static Spoken spoken(NoticeDraft draft, LegalProfile law) {
        Map<String, String> asked = new TreeMap<>();
        draft.purposes()
                .keySet()
                .forEach(purpose ->
                        Optional.ofNullable(draft.parts().get(Parts.of(Parts.QUESTION, purpose)))
                                .ifPresent(text -> asked.put(purpose, text.value())));
        return new Spoken(written(draft), draft.controller(), draft.web(), asked, law(law));
    }

    private static Law law(LegalProfile law) {
        return new Law(
                law.name(),
                law.asOf(),
                law.review(),
                law.answerWithin(),
                law.demands().stream()
                        .map(one -> new Demand(one.says(), one.law(), one.parts()))
                        .toList());
    }

    private static List<NoticeDraft> drafts(TextSources sources, List<NoticeProblem> problems) {
        Path folder = sources.notices();
        return NoticeLibrary.drafts(
                folder,
                NoticeLibrary.common(folder, sources.voice().languages(), problems),
                problems);
    }

    private static Row row(NoticeDraft draft, String part, NoticeText text, PromptLibrary prompts) {
        Readability score = draft.readability(text);
        Optional<Sound> sound =
                switch (prompts.prompt(draft.language(), text.value())) {
                    case Prompt.Ready ready ->
                            Optional.of(
                                    sound(
                                            ready,
                                            PromptSound.wrong(draft, part, text, prompts, ready)));
                    case Prompt.Missing _ -> Optional.empty();
                };
        return new Row(
                name(draft),
                draft.language(),
                part,
                text.value(),
                score.words(),
                score.longest(),
                scores(score),
                sound);
    }

    private static Map<Formula, Double> scores(Readability score) {
        var scores = new LinkedHashMap<Formula, Double>();
        if (score.words() >= score.language().plain().scored()) {
            score.language()
                    .formulas()
                    .forEach(formula -> scores.put(formula, score.score(formula)));
        }
        return scores;
    }

    private static Sound sound(Prompt.Ready ready, List<NoticeProblem> wrong) {
        SpeechLevel level = ready.level();
        return new Sound(
                ready.clip().millis() / 1000.0,
                level.activeDbov(),
                1 - level.activity(),
                ready.voice(),
                wrong);
    }
}
