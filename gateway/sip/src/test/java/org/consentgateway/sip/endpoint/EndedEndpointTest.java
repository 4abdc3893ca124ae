package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an endpoint that has ended leaves behind in its process: some megabytes each, if anything.
 */
@Timeout(60)
class EndedEndpointTest {
    private static final int MANY = 20;

    @SuppressWarnings("NullAway.Init") // before all
    private static Certificates certificates;

    @BeforeAll
    static void certificates(@TempDir Path folder) throws Exception {
        certificates = Certificates.in(folder);
    }

    private static void startsAndEnds(Switchboard gateway) throws Exception {
        Bench.Setup setup = new Bench.Setup();
        setup.listen =
                Stream.of(Transport.UDP, Transport.TCP, Transport.TLS)
                        .map(each -> Bench.at(each, "127.0.0.1"))
                        .toList();
        setup.trunks = List.of(Bench.trunk("loopback", "127.0.0.0/8"));
        setup.tls =
                Optional.of(
                        Peers.tls(certificates, Certificates.GATEWAY, Tls.ClientCertificate.OFF));
        try (SipEndpoint endpoint = SipEndpoint.start(setup.settings(), gateway, System::nanoTime);
                SipPeer peer = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst())) {
            // One whose threads have yet to begin ends otherwise than one that has been there.
            var asking = new SipDialog(peer);
            peer.send(asking.request("OPTIONS", 1, "z9hG4bK-1", "", ""));
            peer.expect(200);
        }
    }

    /** A thread keeps all that it can reach. */
    @Test
    void leavesNoThreadBehind() throws Exception {
        var own = new ThreadGroup("endpoint");
        var life =
                new FutureTask<Void>(() -> {
                    startsAndEnds(new Switchboard());
                    return null;
                });
        new Thread(own, life).start(); // what it starts is of its group

        life.get(30, TimeUnit.SECONDS);
        await().until(() -> names(own).isEmpty());
    }

    /** One of its ports is another's: what listened before that does no longer. */
    @Test
    void leavesNoPortOpenWhereItCannotListen() throws Exception {
        int free = FreePort.next();
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try (var taken = new ServerSocket(0, 1, here)) {
            Bench.Setup setup = new Bench.Setup();
            setup.listen =
                    List.of(
                            new SipSettings.Listen(Transport.UDP, "127.0.0.1", free),
                            new SipSettings.Listen(
                                    Transport.TCP, "127.0.0.1", taken.getLocalPort()));
            SipSettings settings = setup.settings();
            assertThatThrownBy(
                            () -> SipEndpoint.start(settings, CallHandler.none(), System::nanoTime))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on tcp:127.0.0.1:");
            new DatagramSocket(free, here).close();
        }
    }

    private static List<String> names(ThreadGroup group) {
        Thread[] all = new Thread[100];
        return Stream.of(all).limit(group.enumerate(all)).map(Thread::getName).toList();
    }

    /** A finalizer that takes a second would have many wait for each other. */
    @Test
    void isFreedWithAllThatItTalkedTo() throws Exception {
        var freed = new ReferenceQueue<Switchboard>();
        List<PhantomReference<Switchboard>> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            var gateway = new Switchboard();
            all.add(new PhantomReference<>(gateway, freed));
            startsAndEnds(gateway);
        }
        var left = new ArrayList<>(all);
        await().atMost(Duration.ofSeconds(MANY / 2))
                .until(() -> {
                    System.gc();
                    for (var one = freed.poll(); one != null; one = freed.poll()) {
                        assertThat(left.remove(one)).isTrue();
                    }
                    return left.isEmpty();
                });
    }
}
