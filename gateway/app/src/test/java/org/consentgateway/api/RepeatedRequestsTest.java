package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is kept of answers: bounded, and nobody's at the cost of another's. */
class RepeatedRequestsTest {
    private static final int LARGE = 100_000;

    private final AtomicInteger done = new AtomicInteger();
    private final RepeatedRequests repeated =
            new RepeatedRequests(new RepeatedRequests.Most(50, 1_000_000, 600_000));
    private Instant now = Instant.parse("2026-11-30T10:00:00Z");

    /** How often it has been done by now, whoever asked. */
    private int asks(String who, String key, int octets) throws Exception {
        ApiAnswer _ =
                repeated.once(
                        new RepeatedRequests.KeyedRequest(who, key, now),
                        new byte[32],
                        () -> {
                            done.incrementAndGet();
                            return ApiAnswer.impersonal(
                                    JsonNodeFactory.instance.textNode("x".repeat(octets)));
                        });
        return done.get();
    }

    @Test
    void whoGetsLongAnswersForgetsTheirOwnFirst() throws Exception {
        assertThat(asks("key quiet", "one", 10)).isEqualTo(1);
        for (int i = 0; i < 20; i++) {
            int _ = asks("key loud", "k" + i, LARGE);
            assertThat(repeated.octets()).isLessThan(700_000);
        }
        for (int i = 0; i < 20; i++) {
            int _ = asks("key louder", "k" + i, LARGE);
            assertThat(repeated.octets()).isLessThanOrEqualTo(1_000_000);
        }
        assertThat(asks("key quiet", "one", 10)).as("still known").isEqualTo(41);
        assertThat(asks("key louder", "k19", LARGE)).as("still known").isEqualTo(41);
        assertThat(asks("key loud", "k0", LARGE)).as("forgotten").isEqualTo(42);
    }

    @Test
    void whoAsksOftenForgetsTheirOwnFirst() throws Exception {
        assertThat(asks("key quiet", "one", 10)).isEqualTo(1);
        for (int i = 0; i < 200; i++) {
            int _ = asks("key loud", "k" + i, 10);
        }
        assertThat(asks("key quiet", "one", 10)).as("still known").isEqualTo(201);
        assertThat(asks("key loud", "k199", 10)).as("still known").isEqualTo(201);
        assertThat(asks("key loud", "k0", 10)).as("forgotten").isEqualTo(202);
    }

    @Test
    void afterADayNothingIsKept() throws Exception {
        for (int i = 0; i < 5; i++) {
            int _ = asks("key crm", "k" + i, LARGE);
        }
        now = now.plus(Duration.ofHours(25));
        int _ = asks("key other", "one", 10);
        assertThat(repeated.octets()).isLessThan(LARGE);
        assertThat(asks("key crm", "k4", 10)).isEqualTo(7);
    }

    /** By the type, since a 409 also says that a consent has ended otherwise. */
    @Test
    void whoAsksWhileTheFirstIsUnderWayIsToldSo() throws Exception {
        var keyed = new RepeatedRequests.KeyedRequest("key crm", "one", now);
        ApiAnswer _ =
                repeated.once(
                        keyed,
                        new byte[32],
                        () -> {
                            assertThatThrownBy(() -> asks("key crm", "one", 10))
                                    .isInstanceOfSatisfying(
                                            ApiProblem.class,
                                            problem ->
                                                    assertThat(problem.json().path("type").asText())
                                                            .endsWith(":problem:under-way"));
                            return ApiAnswer.impersonal(JsonNodeFactory.instance.textNode(""));
                        });
    }

    @Test
    void whatFailedMayBeTriedAgain() throws Exception {
        for (int i = 0; i < 2; i++) {
            try {
                ApiAnswer _ =
                        repeated.once(
                                new RepeatedRequests.KeyedRequest("key crm", "one", now),
                                new byte[32],
                                () -> {
                                    throw new IllegalStateException("failed");
                                });
            } catch (IllegalStateException e) {
                // tried again
            }
        }
        assertThat(repeated.octets()).isZero();
        assertThat(asks("key crm", "one", 10)).isEqualTo(1);
    }
}
