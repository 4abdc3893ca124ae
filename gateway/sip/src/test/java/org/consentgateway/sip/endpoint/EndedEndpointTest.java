package org.consentgateway.sip.endpoint;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.sip.dns.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an endpoint that has ended leaves behind in its process. */
@Timeout(60)
class EndedEndpointTest {
    /** A thread keeps all that it can reach, which is some megabytes of an endpoint. */
    @Test
    void leavesNoThreadBehind() throws Exception {
        var own = new ThreadGroup("endpoint");
        var life =
                new FutureTask<Void>(() -> {
                    Bench.Setup setup = new Bench.Setup();
                    setup.listen =
                            List.of(
                                    Bench.at(Transport.UDP, "127.0.0.1"),
                                    Bench.at(Transport.TCP, "127.0.0.1"));
                    setup.trunks = List.of(Bench.trunk("loopback", "127.0.0.0/8"));
                    SipEndpoint.start(setup.settings(), new Switchboard(), System::nanoTime)
                            .close();
                    return null;
                });
        new Thread(own, life).start(); // what it starts is of its group

        life.get(30, TimeUnit.SECONDS);
        await().until(() -> names(own).isEmpty());
    }

    private static List<String> names(ThreadGroup group) {
        Thread[] all = new Thread[100];
        return Stream.of(all).limit(group.enumerate(all)).map(Thread::getName).toList();
    }
}
