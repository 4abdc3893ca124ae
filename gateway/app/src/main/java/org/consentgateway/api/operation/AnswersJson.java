package org.consentgateway.api.operation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.statistics.today.AnswerCounts;

/** What callers answered in a minute or an hour, as JSON. */
final class AnswersJson {
    private AnswersJson() {}

    static ObjectNode of(AnswerCounts counts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("at", Header.time(counts.at()));
        for (AnswerCounts.Kind kind : AnswerCounts.Kind.values()) {
            json.put(kind.name().toLowerCase(Locale.ROOT), counts.of(kind));
        }
        return json;
    }
}
