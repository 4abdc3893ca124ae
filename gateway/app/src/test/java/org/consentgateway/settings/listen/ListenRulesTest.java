package org.consentgateway.settings.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.consentgateway.config.Problem;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.settings.GatewayConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whichever comes second would not start, and the first has told others of itself by then. */
class ListenRulesTest {
    private static final int PORT = 28_060;

    private static final List<Listener> BY_TCP =
            List.of(
                    new Listener("sip.listen[0]", "sip: {listen: [\"tcp:%s:%d\"]}"),
                    new Listener("demo.human-port", "demo: {agents: true, human-port: %2$d}"),
                    new Listener("web.listen", "web: {listen: \"%s:%d\"}"),
                    new Listener("tokens.listen", "tokens: {listen: \"%s:%d\"}"),
                    new Listener("api.listen", "api: {listen: \"%s:%d\", clear-text: true}"),
                    new Listener("console.listen", "console: {listen: \"%s:%d\"}"),
                    new Listener("receipts.listen", "receipts: {listen: \"%s:%d\"}"),
                    new Listener("node.listen", "node: {listen: \"%s:%d\"}"));

    private static final List<Listener> BY_UDP =
            List.of(
                    new Listener(
                            "media.ports", "media: {address: %s, ports: {first: %d, last: 29999}}"),
                    new Listener("sip.listen[0]", "sip: {listen: [\"udp:%s:%d\"]}"),
                    new Listener(
                            "demo.assistant-port", "demo: {agents: true, assistant-port: %2$d}"));

    @TempDir private Path home;

    /**
     * Immutable. What listens, with as much of a configuration as says so.
     *
     * @param yaml of an address and a port
     */
    private record Listener(String key, String yaml) {
        String at(String address, int port) {
            return yaml.formatted(address, port) + "\n";
        }
    }

    @Test
    void eachTwoOnOnePortAreAMistake() throws IOException {
        for (List<Listener> kind : List.of(BY_TCP, BY_UDP)) {
            for (int i = 0; i < kind.size(); i++) {
                for (Listener second : kind.subList(i + 1, kind.size())) {
                    Listener first = kind.get(i);
                    for (String address : List.of("127.0.0.1", "0.0.0.0")) {
                        assertThat(taken(first.at(address, PORT) + second.at("127.0.0.1", PORT)))
                                .singleElement()
                                .satisfies(problem -> {
                                    assertThat(problem.key()).isEqualTo(second.key());
                                    assertThat(problem.wrong()).contains(first.key() + " has");
                                    assertThat(problem.line()).isEqualTo(2);
                                });
                    }
                    assertThat(taken(first.at("127.0.0.1", PORT) + second.at("127.0.0.1", 28_058)))
                            .as("%s and %s", first, second)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void twoOfOneKeyOrSectionAreAMistakeAsWell() throws IOException {
        assertThat(taken("sip: {listen: [\"tcp:0.0.0.0:28060\", \"tls:[::1]:28060\"]}\n"))
                .extracting(Problem::key)
                .containsExactly("sip.listen[1]");
        assertThat(taken("demo: {agents: true, human-port: 28060, assistant-port: 28060}\n"))
                .extracting(Problem::key)
                .containsExactly("demo.human-port");
        assertThat(taken("demo: {agents: true, human-port: 28060, socket-port: 28060}\n"))
                .extracting(Problem::key)
                .containsExactly("demo.socket-port");
    }

    @Test
    void byTwoProtocolsAtTwoAddressesOrAnyFreeOneIsRight() throws IOException {
        assertThat(
                        taken(
                                """
                                sip: {listen: ["udp:127.0.0.1:28060", "tcp:127.0.0.1:28060", "udp:127.0.0.2:28060"]}
                                web: {listen: "127.0.0.1:0"}
                                tokens: {listen: "127.0.0.1:0"}
                                demo: {agents: false, human-port: 28060}
                                """))
                .isEmpty();
    }

    private List<Problem> taken(String yaml) throws IOException {
        Path file =
                Files.writeString(
                        home.resolve("gateway.yaml"),
                        yaml
                                + """
                                trunks: [{name: carrier, sources: [192.0.2.1]}]
                                assistants: [{name: bot, uri: "sip:bot@192.0.2.2"}]
                                levels: [{id: basis, purposes: [assistant]}]
                                lines: [{name: service, numbers: ["1"], notice: none, levels: [basis], assistant: bot}]
                                """);
        WrongConfiguration wrong =
                catchThrowableOfType(
                        WrongConfiguration.class, () -> GatewayConfig.load(file, home));
        assertThat(wrong).as("there is no such notice").isNotNull();
        return wrong.problems().stream()
                .filter(problem -> problem.wrong().startsWith("is on a port that "))
                .toList();
    }
}
