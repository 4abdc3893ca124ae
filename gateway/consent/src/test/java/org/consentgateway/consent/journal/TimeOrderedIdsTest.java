package org.consentgateway.consent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {
    @Test
    void idsAreVersionSevenAndCarryTheTime() {
        var ids =
                new TimeOrderedIds(
                        InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")), new Random(1));
        UUID id = Objects.requireNonNull(ids.get());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16))
                .isEqualTo("2026-11-24T12:00:00Z");
        assertThat(ids.get()).isNotEqualTo(id);
    }
}
