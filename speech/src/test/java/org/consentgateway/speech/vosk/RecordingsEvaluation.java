package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.vosk.LabelledRecordings.Recording;
import org.consentgateway.speech.words.Lexicon;
import org.consentgateway.speech.words.Understood;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the main thread. How well the people on labelled recordings are understood, at the
 * first try, by the shipped models, words and rules: scripts/evaluate-speech FOLDER. Each recording
 * is asked the question of each language; what is no answer there must not be taken for one.
 */
final class RecordingsEvaluation {
    private static final double CONFIDENCE = 0.95;
    private static final Path TRAINED_ON = Utterances.ROOT.resolve("config/models/TRAINED-ON.tsv");

    /** What a recording is to a question. */
    enum Kind {
        YES,
        NO,
        OTHER_ANSWER,
        NO_ANSWER
    }

    /** What became of it. Asked back: a yes that was weak. */
    enum Outcome {
        RIGHT,
        RIGHT_ASKED_BACK,
        AGAIN,
        WRONG,
        FALSE_YES,
        FALSE_YES_ASKED_BACK
    }

    private record Result(
            String question,
            LineCondition line,
            Recording recording,
            Kind kind,
            Outcome outcome,
            double confidence) {}

    private final Map<String, RecognisedLanguage> languages = new TreeMap<>();
    private final List<Result> results = new ArrayList<>();

    private RecordingsEvaluation() throws IOException {
        for (String language : List.of("de", "en")) {
            LanguageModel model = LanguageModel.open(Utterances.model(language));
            languages.put(language, Utterances.recognised(model, language));
        }
    }

    /** Exit code 2 where the folder cannot be measured with, 1 where a yes was false and stood. */
    static void run(Path folder) throws IOException {
        List<Recording> recordings;
        Set<String> known;
        try {
            recordings = LabelledRecordings.read(folder);
            known = LabelledRecordings.known(recordings, TRAINED_ON);
        } catch (IOException e) {
            Evaluation.say("%s%n", String.valueOf(e.getMessage()));
            System.exit(2);
            return;
        }
        if (!known.isEmpty()) {
            Evaluation.say(
                    "Not measured: the models were trained or tuned on %d of these speakers; take"
                            + " their recordings out: %s%n",
                    known.size(), known);
            System.exit(2);
        }
        var evaluation = new RecordingsEvaluation();
        for (LineCondition line : LineCondition.all()) {
            if (line.possible()) {
                for (Recording recording : recordings) {
                    evaluation.hear(recording, line);
                }
            } else {
                Evaluation.say("%s: not measured, sox is not installed%n", line.name());
            }
        }
        evaluation.report();
        if (evaluation.results.stream().anyMatch(r -> r.outcome() == Outcome.FALSE_YES)) {
            System.exit(1);
        }
    }

    private void hear(Recording recording, LineCondition line) throws IOException {
        short[] said = Wav.read(recording.file()).at(8000).samples();
        short[] sound =
                line.change()
                        .apply(
                                Sounds.join(
                                        Sounds.silence(Evaluation.LEAD_MILLIS),
                                        said,
                                        Sounds.silence(Evaluation.TAIL_MILLIS)));
        for (var language : languages.entrySet()) {
            boolean own = language.getKey().equals(recording.language());
            Lexicon lexicon = language.getValue().lexicon();
            Set<SpokenMeaning> question = Evaluation.YES_NO;
            Optional<SpokenMeaning> meant = meaning(lexicon, recording, question);
            if (own && meant.isEmpty()) {
                Optional<SpokenMeaning> number = meaning(lexicon, recording, Evaluation.NUMBERS);
                if (number.isPresent()) {
                    question = Evaluation.NUMBERS;
                    meant = number;
                }
            }
            if (!own && (meant.isPresent() || yesAtHome(recording))) {
                // "Okay" is a yes in both languages, and "ja" sounds like "yeah".
                continue;
            }
            Heard heard = listen(language.getValue(), question, sound, line, recording);
            results.add(judge(language.getKey(), line, recording, meant.orElse(null), heard));
        }
    }

    private static Heard listen(
            RecognisedLanguage recognised,
            Set<SpokenMeaning> question,
            short[] sound,
            LineCondition line,
            Recording recording) {
        long seed = recording.file().getFileName().toString().hashCode();
        return Evaluation.listen(recognised, question, sound, line.lossPercent(), seed)
                .last()
                .map(InlineSession.Told::heard)
                .orElse(new Heard.Nothing(Heard.Why.EMPTY));
    }

    private static Optional<SpokenMeaning> meaning(
            Lexicon lexicon, Recording recording, Set<SpokenMeaning> question) {
        return lexicon.understand(recording.word(), question).map(Understood::meaning);
    }

    private boolean yesAtHome(Recording recording) {
        RecognisedLanguage home = languages.get(recording.language());
        return home != null
                && meaning(home.lexicon(), recording, Evaluation.YES_NO)
                        .filter(m -> m == SpokenMeaning.AGREE)
                        .isPresent();
    }

    private static Result judge(
            String question,
            LineCondition line,
            Recording recording,
            @Nullable SpokenMeaning meant,
            Heard heard) {
        Heard.@Nullable Words words = heard instanceof Heard.Words said ? said : null;
        Kind kind =
                meant == null
                        ? Kind.NO_ANSWER
                        : meant == SpokenMeaning.AGREE
                                ? Kind.YES
                                : meant == SpokenMeaning.REFUSE ? Kind.NO : Kind.OTHER_ANSWER;
        Outcome outcome;
        if (words == null || words.meaning() == SpokenMeaning.HEDGED) {
            outcome = Outcome.AGAIN;
        } else if (words.meaning() == meant) {
            outcome = words.weak() ? Outcome.RIGHT_ASKED_BACK : Outcome.RIGHT;
        } else if (words.meaning() == SpokenMeaning.AGREE) {
            outcome = words.weak() ? Outcome.FALSE_YES_ASKED_BACK : Outcome.FALSE_YES;
        } else {
            outcome = Outcome.WRONG;
        }
        return new Result(
                question, line, recording, kind, outcome, words == null ? 0 : words.confidence());
    }

    private void report() {
        for (String question : languages.keySet()) {
            Evaluation.say("%nQuestion in %s, first try%n", question);
            Evaluation.say(
                    "%-20s %-13s %6s %8s %6s %6s %6s %6s %6s  %s%n",
                    "line",
                    "said",
                    "clips",
                    "speakers",
                    "right",
                    "back",
                    "again",
                    "wrong",
                    "yes",
                    "95 % of the clips; of the speakers");
            for (LineCondition line : LineCondition.all()) {
                for (Kind kind : Kind.values()) {
                    row(
                            line.name(),
                            kind,
                            results.stream()
                                    .filter(r -> r.question().equals(question))
                                    .filter(r -> r.line().name().equals(line.name()))
                                    .filter(r -> r.kind() == kind)
                                    .toList());
                }
            }
        }
        List<Result> clean =
                results.stream()
                        .filter(r -> r.line().name().equals(LineCondition.all().getFirst().name()))
                        .toList();
        by("word", clean, r -> r.question() + " " + r.recording().word());
        by("speaker", clean, r -> r.question() + " " + r.recording().speaker());
        by("recorded", clean, r -> r.question() + " " + r.recording().condition());
        confidence(clean);
        results.stream()
                .filter(r -> r.outcome() == Outcome.FALSE_YES)
                .sorted(Comparator.comparing(r -> r.line().name()))
                .forEach(r ->
                        Evaluation.say(
                                "FALSE YES: question %s, %s, %s, \"%s\", confidence %.3f%n",
                                r.question(),
                                r.line().name(),
                                r.recording().speaker(),
                                r.recording().word(),
                                r.confidence()));
    }

    private interface Key {
        String of(Result result);
    }

    /** Answers only; for what is no answer the rows would be endless. */
    private static void by(String what, List<Result> all, Key key) {
        Evaluation.say("%nBy %s, A-law, answers only%n", what);
        var groups = new TreeMap<String, List<Result>>();
        all.stream()
                .filter(r -> r.kind() != Kind.NO_ANSWER)
                .forEach(r -> groups.computeIfAbsent(key.of(r), _ -> new ArrayList<>()).add(r));
        groups.forEach((name, group) -> row(name, null, group));
    }

    private static void row(String name, @Nullable Kind kind, List<Result> group) {
        if (group.isEmpty()) {
            return;
        }
        var count = new EnumMap<Outcome, Integer>(Outcome.class);
        var speakers = new HashSet<String>();
        var hit = new HashSet<String>();
        group.forEach(r -> {
            count.merge(r.outcome(), 1, Integer::sum);
            speakers.add(r.recording().speaker());
        });
        int right = sum(count, Outcome.RIGHT, Outcome.RIGHT_ASKED_BACK);
        int yes = sum(count, Outcome.FALSE_YES);
        // Of answers the share that is understood; of what is none the share that became a yes.
        boolean none = kind == Kind.NO_ANSWER;
        int hits = none ? yes : right;
        for (String speaker : speakers) {
            List<Result> theirs =
                    group.stream().filter(r -> r.recording().speaker().equals(speaker)).toList();
            long good = theirs.stream().filter(r -> none ? isYes(r) : isRight(r)).count();
            if (none ? good > 0 : 2 * good >= theirs.size()) {
                hit.add(speaker);
            }
        }
        Evaluation.say(
                "%-20s %-13s %6d %8d %6d %6d %6d %6d %6d  %s; %s %d/%d %s%n",
                name,
                kind == null
                        ? ""
                        : kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                group.size(),
                speakers.size(),
                right,
                sum(count, Outcome.RIGHT_ASKED_BACK, Outcome.FALSE_YES_ASKED_BACK),
                sum(count, Outcome.AGAIN),
                sum(count, Outcome.WRONG),
                yes,
                interval(hits, group.size()),
                none ? "any" : "half or more",
                hit.size(),
                speakers.size(),
                interval(hit.size(), speakers.size()));
    }

    private static boolean isYes(Result result) {
        return result.outcome() == Outcome.FALSE_YES;
    }

    private static boolean isRight(Result result) {
        return result.outcome() == Outcome.RIGHT || result.outcome() == Outcome.RIGHT_ASKED_BACK;
    }

    private static int sum(Map<Outcome, Integer> count, Outcome... outcomes) {
        int sum = 0;
        for (Outcome outcome : outcomes) {
            sum += count.getOrDefault(outcome, 0);
        }
        return sum;
    }

    private static String interval(int hits, int trials) {
        ClopperPearson bounds = ClopperPearson.of(hits, trials, CONFIDENCE);
        return String.format(
                java.util.Locale.ROOT, "%.2f-%.2f %%", 100 * bounds.low(), 100 * bounds.high());
    }

    /** What a confidence is worth: how many of the answers that had it were right. */
    private static void confidence(List<Result> all) {
        Evaluation.say("%nBy confidence, A-law, all that was taken for a yes or a no%n");
        double[] from = {0.6, 0.8, 0.95, 0.999};
        for (int i = 0; i < from.length; i++) {
            double low = from[i];
            double high = i + 1 < from.length ? from[i + 1] : 2;
            List<Result> there =
                    all.stream()
                            .filter(r -> r.kind() != Kind.OTHER_ANSWER)
                            .filter(r -> r.outcome() != Outcome.AGAIN)
                            .filter(r -> r.confidence() >= low && r.confidence() < high)
                            .toList();
            int right = (int) there.stream().filter(RecordingsEvaluation::isRight).count();
            Evaluation.say(
                    "%.3f and more: %d of %d right (%s)%n",
                    low, right, there.size(), interval(right, Math.max(1, there.size())));
        }
    }
}
