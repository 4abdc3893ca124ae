package org.consentgateway.statistics;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.consentgateway.experiment.Arm;
import org.consentgateway.experiment.Experiment;
import org.consentgateway.experiment.Guardrail;
import org.consentgateway.experiment.Sample;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.store.LedgerUnavailable;

/**
 * Immutable. What was counted of the variants of texts: by the variant that each record names, so
 * nothing else has to be kept of an experiment.
 */
public final class VariantCounts {
    private static final String NEW = "new/";

    private final MonthCounts.Read read;

    private VariantCounts(MonthCounts.Read read) {
        this.read = read;
    }

    /**
     * Of all days on which one of them ran.
     *
     * @param most entries that are read, of those that nobody has counted yet
     */
    public static VariantCounts of(LedgerArchive archive, List<Experiment> experiments, long most)
            throws IOException, LedgerUnavailable {
        LocalDate from =
                experiments.stream()
                        .map(each -> each.terms().start())
                        .min(Comparator.naturalOrder())
                        .orElse(LocalDate.EPOCH);
        LocalDate to =
                experiments.stream()
                        .map(each -> each.terms().end().plusDays(1))
                        .max(Comparator.naturalOrder())
                        .orElse(LocalDate.EPOCH);
        return new VariantCounts(MonthCounts.between(archive, from, to, most));
    }

    /** Entries of the log that are in none of the figures yet, and may belong there. */
    public long left() {
        return read.left();
    }

    /**
     * @param today in UTC
     */
    public Arm of(Experiment experiment, String variant, LocalDate today) {
        Experiment.Terms terms = experiment.terms();
        Sums all = sums(experiment, variant, terms.start(), terms.end().plusDays(1));
        // A consent of today could not be withdrawn for thirty days yet.
        Sums ripe = sums(experiment, variant, terms.start(), ripe(today, terms));
        Share consent = Rate.CONSENT.of(all);
        return new Arm(
                all.sum(Figure.DECISION),
                consent.of(),
                consent.number(),
                all.sum(Figure.DECISION, value -> value.startsWith(NEW)),
                guards(all, ripe));
    }

    private static LocalDate ripe(LocalDate today, Experiment.Terms terms) {
        LocalDate last = today.minusDays(EntryCounter.SOON.toDays());
        return last.isAfter(terms.end()) ? terms.end().plusDays(1) : last;
    }

    private Sums sums(Experiment experiment, String variant, LocalDate from, LocalDate to) {
        Experiment.Text text = experiment.text();
        var cell = new Cell(text.line(), text.notice(), text.version(), text.language(), variant);
        var sums = new Sums();
        read.counts()
                .between(from, to)
                .forEach((what, times) -> {
                    if (what.cell().equals(cell)) {
                        sums.add(what.figure(), what.value(), times);
                    }
                });
        return sums;
    }

    private static Map<Guardrail, Sample> guards(Sums all, Sums ripe) {
        long answered = all.sum(Figure.DECISION);
        long left =
                all.sum(
                        Figure.DECISION,
                        value ->
                                value.endsWith("/HANGUP_DURING_OPENING")
                                        || value.endsWith("/HANGUP_DURING_QUESTION"));
        Map<Guardrail, Sample> guards = new EnumMap<>(Guardrail.class);
        guards.put(Guardrail.ABANDONED, Sample.ofRare(left, answered));
        guards.put(Guardrail.REPEATED, sample(Rate.REPEATED.of(all)));
        guards.put(
                Guardrail.WITHDRAWN_IN_CALL,
                withdrawn(all.sum(Figure.CONSENT_WITHDRAWN, EntryCounter.IN_CALL::equals), all));
        guards.put(
                Guardrail.WITHDRAWN_IN_30_DAYS,
                withdrawn(
                        ripe.sum(
                                Figure.CONSENT_WITHDRAWN,
                                value -> !value.equals(EntryCounter.LATER)),
                        ripe));
        guards.put(Guardrail.COMPLAINED, sample(Rate.COMPLAINTS.of(all)));
        guards.put(Guardrail.CLEAR, sample(Rate.CLEAR.of(all)));
        guards.put(Guardrail.HELPED, sample(Rate.HELPED.of(all)));
        guards.put(Guardrail.SECONDS, seconds(all));
        return guards;
    }

    private static Sample withdrawn(long withdrawn, Sums sums) {
        long consents = sums.sum(Figure.CONSENT);
        return Sample.ofRare(Math.min(withdrawn, consents), consents);
    }

    private static Sample sample(Share share) {
        return Sample.ofRare(share.number(), share.of());
    }

    private static Sample seconds(Sums all) {
        return Sample.ofValues(
                all.sum(Figure.DECIDED_AFTER, value -> value.startsWith(NEW)),
                sum(all, seconds -> seconds),
                sum(all, seconds -> seconds * seconds));
    }

    private static double sum(Sums all, DoubleUnaryOperator of) {
        return all.of(Figure.DECIDED_AFTER).entrySet().stream()
                .filter(each -> each.getKey().startsWith(NEW))
                .mapToDouble(each ->
                        each.getValue()
                                * of.applyAsDouble(
                                        Double.parseDouble(each.getKey().substring(NEW.length()))))
                .sum();
    }
}
