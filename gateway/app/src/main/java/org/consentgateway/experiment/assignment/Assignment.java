package org.consentgateway.experiment.assignment;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.consentgateway.call.spoken.Wordings;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Subject;
import org.consentgateway.experiment.Experiment;

/**
 * Thread-safe. While an experiment runs, a caller hears the same variant in each call, by a keyed
 * hash of the pseudonym; who withholds the number is assigned call by call. Nobody without the key
 * can tell or choose which, and one experiment says nothing of another. Nothing is stored: the
 * records of the call say which text was spoken.
 */
public final class Assignment implements Wordings {
    /** A share is a number of these. */
    private static final int TICKETS = 10_000;

    private final List<Experiment> experiments;
    private final Function<String, byte[]> keyed;
    private final Wordings otherwise;

    /**
     * @param keyed HMAC of a text, of eight octets at least
     * @param otherwise where no experiment runs
     */
    public Assignment(
            List<Experiment> experiments, Function<String, byte[]> keyed, Wordings otherwise) {
        this.experiments = List.copyOf(experiments);
        this.keyed = keyed;
        this.otherwise = otherwise;
    }

    @Override
    public Notice choose(List<Notice> variants, CallFacts call, Instant now) {
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        for (Experiment each : experiments) {
            if (each.runs(day)) {
                Optional<Notice> assigned = assigned(each, variants, call);
                if (assigned.isPresent()) {
                    return assigned.get();
                }
            }
        }
        return otherwise.choose(variants, call, now);
    }

    private Optional<Notice> assigned(
            Experiment experiment, List<Notice> variants, CallFacts call) {
        Optional<Notice> spoken = named(experiment, variants, call, experiment.spoken());
        Optional<Notice> tried = named(experiment, variants, call, experiment.tried());
        return spoken.isPresent() && tried.isPresent() && hearsTried(experiment, call)
                ? tried
                : spoken.filter(_ -> tried.isPresent());
    }

    private static Optional<Notice> named(
            Experiment experiment, List<Notice> variants, CallFacts call, String variant) {
        Experiment.Text text = experiment.text();
        return variants.stream()
                .filter(_ -> call.line().equals(text.line()))
                .filter(each ->
                        each.id().equals(text.notice())
                                && each.language().equals(text.language())
                                && each.version().equals(text.version())
                                && each.variant().equals(variant))
                .findFirst();
    }

    private boolean hearsTried(Experiment experiment, CallFacts call) {
        Subject caller = call.subject();
        String unit = caller == null ? "call:" + call.callId() : "caller:" + caller.pseudonym();
        String what =
                "experiment:%s:%s:%s"
                        .formatted(experiment.name(), experiment.terms().start(), unit);
        long hash = ByteBuffer.wrap(keyed.apply(what)).getLong();
        return Long.remainderUnsigned(hash, TICKETS) < Math.round(experiment.share() * TICKETS);
    }
}
