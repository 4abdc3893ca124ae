package org.consentgateway.proof.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A number is found however people write it, and what is none is left to them. */
class NamesNobodyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "called +49 171 1234567",
                "called 0171 / 123 45 67",
                "0 1 7 1 1 2 3 4 5",
                "0171.123.45.67",
                "0171\u2013123\u201345\u201367",
                "0171\u2011123\u00a045\u202f67",
                "first line\u2028 0171 123 4567",
                "of 123 456",
                "(030) 12_34*56",
                "01\u200b71\u200b12\u200b34",
                "\uff10\uff11\uff17\uff11\uff11\uff12\uff13",
                "\u0660\u0661\u0667\u0661\u0661\u0662\u0663",
                "\u2460\u2461\u2462\u2463\u2464\u2465",
                "030 12.11.2026",
                "2026-13-45",
                "03.04.05.06.07",
                "30.11.2026 0171",
                "12:30 12:30 12:30 12:30 12:30",
                "2016/6789012"
            })
    void aNumberIsFound(String text) {
        assertThat(NamesNobody.isTrueOf(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "called back, a mistake",
                "called on 2026-11-30",
                "called on 2026-11-30 14:30.",
                "2026-11-30T14:30:59Z",
                "called on 30.11.2026, 14:30 and on 1. 12. 2026",
                "from 30.11. to 02.12.",
                "30.11. - 02.12.",
                "2026-01-30 - 2026-02-01",
                "between 14:30-15:15",
                "reached at 30.11.2026.",
                "30. November 2026 at 14:30",
                "Art. 17(3)(b) of (EU) 2016/679",
                "case 2026-000123, seen on 2026-11-27",
                "line 12345",
                "ticket A17 of B28, C39"
            })
    void whatIsNoneIsLeft(String text) {
        assertThat(NamesNobody.isTrueOf(text)).isTrue();
    }

    @Test
    @Timeout(20)
    void itTakesNoLongerThanTheTextIsLong() {
        for (String part : new String[] {"1", "1 ", "+ ", "0 ", "1.1.", "12:30 ", "2016/1-"}) {
            long begun = System.nanoTime();
            boolean _ = NamesNobody.isTrueOf(part.repeat(20_000));
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as(part)
                    .isLessThan(Duration.ofSeconds(2));
        }
    }
}
