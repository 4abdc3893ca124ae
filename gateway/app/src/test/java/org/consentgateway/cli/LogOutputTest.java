package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogOutputTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void jsonLinesKeepWhatWasGivenAsKeysAndValues() throws Exception {
        var event =
                new LoggingEvent(
                        "", context.getLogger("CallLog"), Level.INFO, "call ended", null, null);
        event.addKeyValuePair(new KeyValuePair("call", "019aa000"));
        event.addKeyValuePair(new KeyValuePair("outcome", "assisted"));

        String line =
                new String(LogOutput.jsonEncoder(context).encode(event), StandardCharsets.UTF_8);

        assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("level").asText()).isEqualTo("INFO");
        assertThat(json.path("formattedMessage").asText()).isEqualTo("call ended");
        assertThat(json.path("kvpList").toString())
                .isEqualTo("[{\"call\":\"019aa000\"},{\"outcome\":\"assisted\"}]");
    }
}
