package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogOutputTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void eachFieldOfAJsonLineIsOneOfItsOwn() throws Exception {
        var event =
                new LoggingEvent(
                        "",
                        context.getLogger("org.consentgateway.CallLog"),
                        Level.INFO,
                        "call ended",
                        null,
                        null);
        event.setInstant(Instant.parse("2026-11-28T13:05:00.123Z"));
        event.addKeyValuePair(new KeyValuePair("call_id", "019aa000"));
        event.addKeyValuePair(new KeyValuePair("seconds", new BigDecimal("75.0")));
        LogstashEncoder encoder = LogOutput.json();
        encoder.setContext(context);
        encoder.start();

        String line = new String(encoder.encode(event), StandardCharsets.UTF_8);

        assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "time", "message", "logger", "thread", "level", "call_id", "seconds");
        assertThat(json.path("level").asText()).isEqualTo("INFO");
        assertThat(json.path("message").asText()).isEqualTo("call ended");
        assertThat(json.path("call_id").asText()).isEqualTo("019aa000");
        assertThat(json.path("seconds").isNumber()).isTrue();
        assertThat(OffsetDateTime.parse(json.path("time").asText()).toInstant())
                .isEqualTo(Instant.parse("2026-11-28T13:05:00.123Z"));
    }
}
