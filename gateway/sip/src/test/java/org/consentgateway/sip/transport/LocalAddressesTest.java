package org.consentgateway.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.sip.SipProvider;
import org.consentgateway.sip.dns.Transport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As whom a peer sees us where we listen on all addresses. */
class LocalAddressesTest {
    private static final InetAddress PEER = InetAddress.ofLiteral("198.51.100.7");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final AtomicReference<Optional<InetAddress>> route =
            new AtomicReference<>(Optional.empty());
    private final AtomicInteger asked = new AtomicInteger();
    private final LocalAddresses locals =
            new LocalAddresses(
                    Optional.empty(),
                    nanos::get,
                    _ -> {
                        int _ = asked.incrementAndGet();
                        return route.get();
                    });

    @BeforeEach
    void listen() {
        var provider =
                (SipProvider)
                        Proxy.newProxyInstance(
                                LocalAddressesTest.class.getClassLoader(),
                                new Class<?>[] {SipProvider.class},
                                (_, _, _) -> null);
        locals.add(
                provider,
                new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 5060),
                new SipSettings.Listen(Transport.UDP, "0.0.0.0", 5060));
    }

    private void goesFrom(String address) {
        route.set(Optional.of(InetAddress.ofLiteral(address)));
    }

    private String seen() {
        LocalAddress local = locals.facing(Transport.UDP, PEER);
        return local == null ? "nowhere" : local.host();
    }

    /** As where the machine is up before its network. */
    @Test
    void aRouteThatWasMissingIsLookedForWithTheNextRequest() {
        assertThat(seen()).isEqualTo("127.0.0.1");
        goesFrom("192.0.2.5");
        assertThat(seen()).isEqualTo("192.0.2.5");
    }

    /** By another lease, another prefix, or a tunnel. */
    @Test
    void anAddressThatHasChangedIsToldTenSecondsLater() {
        goesFrom("192.0.2.5");
        assertThat(seen()).isEqualTo("192.0.2.5");
        goesFrom("192.0.2.6");
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(seen()).isEqualTo("192.0.2.6");
    }

    @Test
    void theKernelIsAskedOnceInTenSecondsForEachPeer() {
        goesFrom("192.0.2.5");
        for (int i = 0; i < 10; i++) {
            assertThat(seen()).isEqualTo("192.0.2.5");
            nanos.addAndGet(Duration.ofMillis(900).toNanos());
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void whileThereIsNoRouteTheAddressBeforeStays() {
        goesFrom("192.0.2.5");
        assertThat(seen()).isEqualTo("192.0.2.5");
        route.set(Optional.empty());
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(seen()).isEqualTo("192.0.2.5");
        goesFrom("192.0.2.6");
        assertThat(seen()).isEqualTo("192.0.2.6");
    }
}
