package org.consentgateway.review;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.api.text.TextReview;
import org.consentgateway.api.text.VariantReview;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LineConfig;
import org.consentgateway.settings.experiment.ExperimentConfig;
import org.consentgateway.settings.experiment.ExperimentSettings;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.words.SpokenText;

/**
 * Thread-safe. Checks a wording beside a copy of all texts, as scripts/gateway notices check does,
 * and the experiment as check-config does. The copy is gone afterwards.
 */
public final class VariantTrial implements VariantReview {
    private static final String WRONG = "wrong";
    private static final String BETTER = "better";
    private static final String SETTINGS = "gateway.yaml";

    private final Supplier<TextSources> sources;
    private final Supplier<GatewayConfig> config;

    /**
     * @param sources as of today
     * @param config as it is in force
     */
    public VariantTrial(Supplier<TextSources> sources, Supplier<GatewayConfig> config) {
        this.sources = sources;
        this.config = config;
    }

    @Override
    public Optional<Draft> draft(Wish wish) throws IOException {
        TextSources now = sources.get();
        Path spoken = now.notices().resolve(file(wish.spoken(), wish.spoken().variant()));
        if (!Files.isRegularFile(spoken)) {
            return Optional.empty();
        }
        String text =
                VariantFile.of(
                        Files.readString(spoken),
                        wish.variant(),
                        wish.texts(),
                        wish.signOff().who(),
                        wish.signOff().when().toString());
        Path copy = Files.createTempDirectory("variant");
        try {
            copy(now.notices(), copy);
            Files.writeString(copy.resolve(file(wish.spoken(), wish.variant())), text);
            return Optional.of(checked(wish, now, copy, text));
        } finally {
            delete(copy);
        }
    }

    private Draft checked(Wish wish, TextSources now, Path copy, String text) {
        String file = file(wish.spoken(), wish.variant());
        NoticeReport report =
                NoticeReport.of(
                        new TextSources(copy, now.voice(), compared(now.use(), wish)),
                        PromptLibrary.open(now.voice()));
        Path made = copy.resolve(file);
        List<Path> both = List.of(made, copy.resolve(file(wish.spoken(), wish.spoken().variant())));
        List<TextReview.Finding> findings = new ArrayList<>();
        WrittenTexts.findings(
                report.errors().stream()
                        .filter(each -> both.contains(each.file()))
                        .filter(each -> !(each.file().equals(made) && each.isUnrecorded()))
                        .toList(),
                WRONG,
                copy,
                findings);
        WrittenTexts.findings(
                report.cautions().stream().filter(each -> each.file().equals(made)).toList(),
                BETTER,
                copy,
                findings);
        if (Files.exists(now.notices().resolve(file))) {
            findings.add(finding(WRONG, file, "is there already", "another variant, such as c"));
        }
        unread(wish, report, file, findings);
        experiment(wish, now, findings);
        return new Draft(file, text, block(wish), findings, unrecorded(report, made));
    }

    private static NoticeUse compared(NoticeUse use, Wish wish) {
        List<NoticeUse.Compared> compared = new ArrayList<>(use.compared());
        compared.add(
                new NoticeUse.Compared(
                        wish.plan().name(),
                        wish.spoken().id(),
                        wish.spoken().language(),
                        wish.spoken().version(),
                        List.of(wish.spoken().variant(), wish.variant()),
                        new NoticeUse.Days(wish.plan().start(), wish.plan().end())));
        return new NoticeUse(use.lines(), use.demonstration(), use.today(), use.data(), compared);
    }

    /** The file has to say what was wished, however the one it is made from is written. */
    private static void unread(
            Wish wish, NoticeReport report, String file, List<TextReview.Finding> findings) {
        String name = file.substring(0, file.length() - ".yaml".length());
        for (Map.Entry<String, String> each : wish.texts().entrySet()) {
            String words = SpokenText.canonical(each.getValue());
            boolean read =
                    report.rows().stream()
                            .anyMatch(row ->
                                    row.notice().equals(name)
                                            && row.part().equals(each.getKey())
                                            && row.text().equals(words));
            if (!read && findings.stream().noneMatch(one -> one.kind().equals(WRONG))) {
                findings.add(
                        finding(
                                WRONG,
                                file,
                                "does not take the words of " + each.getKey() + " from here",
                                "a copy that is written by hand"));
            }
        }
    }

    private void experiment(Wish wish, TextSources now, List<TextReview.Finding> findings) {
        GatewayConfig all = config.get();
        List<ExperimentConfig> experiments = new ArrayList<>(all.experiments());
        String at = "experiments[" + experiments.size() + "]";
        experiments.add(config(wish));
        ExperimentSettings.check(
                experiments,
                all.lines(),
                (key, wrong, right) -> {
                    if (key.startsWith(at)) {
                        findings.add(finding(WRONG, SETTINGS, key(key, at) + wrong, right));
                    }
                });
        Trial plan = wish.plan();
        if (all.experiments().stream().anyMatch(each -> each.name().equals(plan.name()))) {
            findings.add(finding(WRONG, SETTINGS, "name: is there already", "another name"));
        }
        for (LineConfig line : all.lines()) {
            if (line.name().equals(plan.line()) && !line.notice().equals(wish.spoken().id())) {
                findings.add(
                        finding(
                                WRONG,
                                SETTINGS,
                                "line: " + line.name() + " speaks " + line.notice(),
                                "a line that speaks " + wish.spoken().id()));
            }
        }
        if (!plan.start().isAfter(now.use().today())) {
            findings.add(
                    finding(
                            BETTER,
                            SETTINGS,
                            "start: calls of today from before would count",
                            "start: " + now.use().today().plusDays(1)));
        }
    }

    private static String key(String key, String at) {
        return key.substring(Math.min(key.length(), at.length() + 1)) + ": ";
    }

    private static ExperimentConfig config(Wish wish) {
        Trial plan = wish.plan();
        return new ExperimentConfig(
                plan.name(),
                true,
                plan.line(),
                wish.spoken().language(),
                wish.spoken().version(),
                wish.spoken().variant(),
                wish.variant(),
                plan.share(),
                plan.start(),
                plan.end(),
                ExperimentConfig.CALLERS,
                ExperimentConfig.MINIMUM,
                1);
    }

    private static String block(Wish wish) {
        Trial plan = wish.plan();
        return """
        experiments:
          - name: %s
            line: %s
            language: %s
            version: %s
            spoken: %s
            tried: %s
            share: %d
            start: %s
            end: %s
        """
                .formatted(
                        plan.name(),
                        plan.line(),
                        wish.spoken().language(),
                        wish.spoken().version(),
                        wish.spoken().variant(),
                        wish.variant(),
                        plan.share(),
                        plan.start(),
                        plan.end());
    }

    private static TextReview.Finding finding(String kind, String file, String what, String right) {
        return new TextReview.Finding(kind, file, 1, what, null, right);
    }

    private static List<String> unrecorded(NoticeReport report, Path made) {
        return report.errors().stream()
                .filter(each -> each.file().equals(made) && each.isUnrecorded())
                .map(NoticeProblem::key)
                .map(key -> key.replaceFirst("^texts\\.", ""))
                .distinct()
                .toList();
    }

    /** Below the folder of the notices. */
    private static String file(TextReview.Name name, String variant) {
        return "%s/%s/%s%s.yaml"
                .formatted(
                        name.id(),
                        name.language(),
                        name.version(),
                        variant.equals("a") ? "" : "." + variant);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path there = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(each, there);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
