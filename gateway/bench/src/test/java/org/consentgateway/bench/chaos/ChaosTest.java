package org.consentgateway.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.Telephone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A program that finds nothing because it looks at nothing would please everybody. */
@Timeout(300)
class ChaosTest {
    private static final Path HOME = Path.of(System.getProperty("project.root"));

    @TempDir Path folder;

    private ChaosGateway gateway(ChaosAssistant assistant, ChaosAssistant human) throws Exception {
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dgateway.home=" + HOME,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.consentgateway.Main");
        return new ChaosGateway(
                HOME,
                folder,
                folder,
                command,
                new ChaosGateway.Ports(FreePort.next(), FreePort.next(), 17_000),
                new ChaosGateway.Peers(assistant.uri(), human.uri()));
    }

    /** Called straight, as if a gateway let everybody through. */
    @Test
    void whatGetsThroughIsFoundOut() throws Exception {
        try (var assistant = new ChaosAssistant("assistant", Sounds.ASSISTANT);
                var gateway = gateway(assistant, assistant)) {
            Laws laws = new Laws(gateway, assistant);
            assertThat(laws.ofSound(List.of())).isEmpty();
            var straight =
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(),
                            Integer.parseInt(assistant.uri().replaceAll(".*:", "")));
            CountDownLatch answered = new CountDownLatch(1);
            try (var telephone =
                    Telephone.calls(
                            straight,
                            "assistant",
                            "+491770000001",
                            new Telephone.Listener() {
                                @Override
                                public void answered() {
                                    answered.countDown();
                                }
                            })) {
                assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
                telephone.say(Sounds.BEFORE.octets());
                await().until(() -> assistant.calls().getFirst().before() > 0);
                telephone.say(Sounds.WITHDRAWN.octets());
                await().until(() ->
                        assistant.calls().getFirst().withdrawn() > Laws.MOST_AFTER_WITHDRAWAL);
            }
            assertThat(String.join("\n", laws.ofSound(List.of())))
                    .contains("before any yes", "behind a withdrawal", "without a consent");
        }
    }

    /** Starts two processes, and has them serve: half a minute. */
    @Test
    @EnabledIfSystemProperty(named = "nightly", matches = ".*")
    void aGatewayThatIsKilledAndStoppedKeepsItsPromises() throws Exception {
        try (var assistant = new ChaosAssistant("assistant", Sounds.ASSISTANT);
                var human = new ChaosAssistant("human", Sounds.HUMAN);
                var gateway = gateway(assistant, human)) {
            Chaos.Result result =
                    new Chaos(gateway, assistant, 1, new Fault.Means(false, false))
                            .once(List.of(Fault.KILL, Fault.FREEZE));
            assertThat(result.broken()).isEmpty();
            assertThat(result.calls()).isPositive();
            assertThat(assistant.calls()).isNotEmpty();
        }
    }
}
