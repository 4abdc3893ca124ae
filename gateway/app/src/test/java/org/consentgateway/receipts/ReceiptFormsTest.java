package org.consentgateway.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.junit.jupiter.api.Test;

class ReceiptFormsTest {
    private static Entry entry(EntryType type, String time) {
        return new Entry(
                "log",
                1,
                new UUID(0, 1),
                type,
                Instant.parse(time),
                "",
                JsonNodeFactory.instance.objectNode());
    }

    @Test
    void inTheHourThatClocksShowTwiceItIsSaidWhichOfTheTwoItIs() {
        String list =
                ReceiptForms.in("de", null)
                        .list(
                                new ReceiptForms.Shown("123456", "code"),
                                List.of(
                                        entry(EntryType.GIVEN, "2026-10-25T00:50:00Z"),
                                        entry(EntryType.WITHDRAWN, "2026-10-25T01:10:00Z"),
                                        entry(EntryType.GIVEN, "2026-10-25T02:10:00Z")),
                                0);
        assertThat(list)
                .contains("25.10.2026, 02:50 (+02:00)</td>")
                .contains("25.10.2026, 02:10 (+01:00)</td>")
                .contains("25.10.2026, 03:10</td>");
    }
}
