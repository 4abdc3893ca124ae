package org.consentgateway.experiment.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Subject;
import org.consentgateway.experiment.Experiment;
import org.consentgateway.ledger.tree.Digests;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    private static final LocalDate START = LocalDate.of(2026, 12, 1);
    private static final Instant DURING = START.plusDays(3).atTime(9, 0).toInstant(ZoneOffset.UTC);
    private static final int CALLERS = 4000;

    private static final List<Notice> VARIANTS = List.of(notice("a"), notice("b"));

    private static Notice notice(String variant) {
        return new Notice(
                "demo",
                "2026-11",
                "de",
                variant,
                1,
                LocalDate.EPOCH,
                false,
                new Notice.Controller("Northwind", "by letter", "DE"),
                Period.ofMonths(1),
                Map.of(),
                Map.of(),
                variant,
                variant);
    }

    private static Assignment of(String name, String key, double share) {
        var experiment =
                new Experiment(
                        name,
                        new Experiment.Text("service", "demo", "de", "2026-11"),
                        "a",
                        "b",
                        share,
                        new Experiment.Terms(START, START.plusDays(27), 5000, 100, 1));
        return new Assignment(List.of(experiment), keyed(key), (all, _, _) -> all.getFirst());
    }

    private static Function<String, byte[]> keyed(String key) {
        return text ->
                Digests.keyed(
                        key.getBytes(StandardCharsets.UTF_8),
                        text.getBytes(StandardCharsets.UTF_8));
    }

    private static CallFacts call(@Nullable String caller) {
        return on("service", caller);
    }

    private static CallFacts on(String line, @Nullable String caller) {
        return new CallFacts(
                UUID.randomUUID(),
                "",
                "carrier",
                line,
                null,
                caller == null ? null : new Subject(caller),
                caller != null,
                caller == null,
                caller != null);
    }

    private static String heard(Assignment assignment, CallFacts call) {
        return assignment.choose(VARIANTS, call, DURING).variant();
    }

    private static long tried(Assignment assignment) {
        return IntStream.range(0, CALLERS)
                .filter(i -> heard(assignment, call("caller-" + i)).equals("b"))
                .count();
    }

    @Test
    void aCallerHearsTheSameInEachCallAndCallersAreSharedOut() {
        Assignment half = of("shorter", "secret", 0.5);

        for (int i = 0; i < 200; i++) {
            assertThat(heard(half, call("caller-" + i)))
                    .isEqualTo(heard(half, call("caller-" + i)));
        }
        assertThat(tried(half)).isBetween(1850L, 2150L);
        assertThat(tried(of("shorter", "secret", 0.1))).isBetween(320L, 480L);
    }

    @Test
    void anotherKeyOrAnotherExperimentAssignsIndependently() {
        Assignment one = of("shorter", "secret", 0.5);
        for (Assignment other :
                List.of(of("shorter", "another", 0.5), of("longer", "secret", 0.5))) {
            long same =
                    IntStream.range(0, CALLERS)
                            .mapToObj(i -> call("caller-" + i))
                            .filter(call -> heard(one, call).equals(heard(other, call)))
                            .count();
            assertThat(same).isBetween(1850L, 2150L);
        }
    }

    @Test
    void whoWithholdsTheNumberIsAssignedCallByCall() {
        Assignment half = of("shorter", "secret", 0.5);

        assertThat(IntStream.range(0, 200).mapToObj(_ -> heard(half, call(null))).distinct())
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void onOtherDaysLinesAndTextsNothingIsAssigned() {
        Assignment nearlyAll = of("shorter", "secret", 0.9999);
        CallFacts call = call("somebody");

        assertThat(heard(nearlyAll, call)).isEqualTo("b");
        assertThat(heard(nearlyAll, on("other", "somebody"))).isEqualTo("a");
        assertThat(
                        List.of(START.minusDays(1), START.plusDays(28)).stream()
                                .map(day -> day.atTime(12, 0).toInstant(ZoneOffset.UTC))
                                .map(at -> nearlyAll.choose(VARIANTS, call, at).variant()))
                .containsOnly("a");
        assertThat(nearlyAll.choose(List.of(notice("a"), notice("c")), call, DURING).variant())
                .isEqualTo("a");
        assertThat(nearlyAll.choose(List.of(notice("b")), call, DURING).variant()).isEqualTo("b");
    }
}
