package org.consentgateway.settings.experiment;

import java.util.ArrayList;
import java.util.List;
import org.consentgateway.config.Complaints;
import org.consentgateway.experiment.Experiment;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.settings.LineConfig;

/** What must hold of experiments, and what parts are given of them. */
public final class ExperimentSettings {
    /** Counts are compared with those of a year before, at most. */
    private static final int LONGEST_DAYS = 366;

    private static final double PERCENT = 100;

    private ExperimentSettings() {}

    public static void check(
            List<ExperimentConfig> experiments, List<LineConfig> lines, Complaints complaints) {
        for (int i = 0; i < experiments.size(); i++) {
            String at = "experiments[" + i + "]";
            ExperimentConfig each = experiments.get(i);
            if (!each.enabled()) {
                continue;
            }
            onLine(each, lines, at, complaints);
            days(each, at, complaints);
            if (each.spoken().equals(each.tried())) {
                complaints.about(at + ".tried", "must be another variant than spoken", "tried: b");
            }
            experiments.subList(0, i).stream()
                    .filter(before -> isBeside(before, each))
                    .findFirst()
                    .ifPresent(before -> besides(before, at, complaints));
        }
    }

    private static void onLine(
            ExperimentConfig each, List<LineConfig> lines, String at, Complaints complaints) {
        List<String> asking =
                lines.stream()
                        .filter(line -> line.dialog() != LineConfig.Dialog.PRIVACY)
                        .map(LineConfig::name)
                        .toList();
        LineConfig line =
                lines.stream()
                        .filter(one -> one.name().equals(each.line()))
                        .filter(one -> asking.contains(one.name()))
                        .findFirst()
                        .orElse(null);
        if (line == null) {
            complaints.about(
                    at + ".line",
                    "names no line that asks for consent: \"" + each.line() + "\"",
                    "line: " + (asking.isEmpty() ? "service" : asking.getFirst()));
        } else if (!line.languages().contains(each.language())) {
            complaints.about(
                    at + ".language",
                    "is not spoken on line " + line.name(),
                    "language: " + line.languages().stream().findFirst().orElse("de"));
        }
    }

    private static void days(ExperimentConfig each, String at, Complaints complaints) {
        if (!each.end().isAfter(each.start())) {
            complaints.about(
                    at + ".end",
                    "must be after start: whole weeks, since callers differ by the day",
                    "end: " + each.start().plusDays(27));
        } else if (each.start().plusDays(LONGEST_DAYS).isBefore(each.end())) {
            complaints.about(
                    at + ".end",
                    "is more than a year after start",
                    "end: " + each.start().plusDays(LONGEST_DAYS));
        }
    }

    /** A caller cannot hear two variants of one text at once. */
    private static boolean isBeside(ExperimentConfig before, ExperimentConfig each) {
        if (!before.enabled() || before.name().equals(each.name())) {
            return false; // names are told by their own rule
        }
        boolean sameText =
                before.line().equals(each.line()) && before.language().equals(each.language());
        boolean sameDays =
                !before.end().isBefore(each.start()) && !each.end().isBefore(before.start());
        return sameText && sameDays;
    }

    private static void besides(ExperimentConfig before, String at, Complaints complaints) {
        complaints.about(
                at + ".start",
                "runs on the same line and language as %s, which ends on %s"
                        .formatted(before.name(), before.end()),
                "start: " + before.end().plusDays(1));
    }

    /** Where the configuration was found to be right. */
    public static List<Experiment> of(List<ExperimentConfig> experiments, List<LineConfig> lines) {
        List<Experiment> all = new ArrayList<>();
        for (ExperimentConfig each : experiments) {
            lines.stream()
                    .filter(line -> each.enabled() && line.name().equals(each.line()))
                    .findFirst()
                    .ifPresent(line -> all.add(of(each, line)));
        }
        return List.copyOf(all);
    }

    private static Experiment of(ExperimentConfig each, LineConfig line) {
        return new Experiment(
                each.name(),
                new Experiment.Text(each.line(), line.notice(), each.language(), each.version()),
                each.spoken(),
                each.tried(),
                each.share() / PERCENT,
                new Experiment.Terms(
                        each.start(),
                        each.end(),
                        each.callers(),
                        each.minimum(),
                        each.callsPerCaller()));
    }

    /** For the check of the texts. */
    public static List<NoticeUse.Compared> compared(List<Experiment> experiments) {
        return experiments.stream()
                .map(each ->
                        new NoticeUse.Compared(
                                each.name(),
                                each.text().notice(),
                                each.text().language(),
                                each.text().version(),
                                List.of(each.spoken(), each.tried()),
                                new NoticeUse.Days(each.terms().start(), each.terms().end())))
                .toList();
    }
}
