package org.consentgateway.sip.message;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The resolver of the Java platform, which remembers what it was asked for; for all tests of this
 * JVM, which finds it by META-INF/services. Thread-safe.
 */
public final class AskedNames extends InetAddressResolverProvider {
    private static final Set<String> ASKED = ConcurrentHashMap.newKeySet();

    static boolean has(String name) {
        return ASKED.contains(name);
    }

    @Override
    public String name() {
        return "asked names";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver usual = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                    throws UnknownHostException {
                ASKED.add(host);
                if (host.indexOf(':') >= 0) {
                    // No name has a colon: nothing is sent for the questions of tests.
                    throw new UnknownHostException(host);
                }
                return usual.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] octets) throws UnknownHostException {
                return usual.lookupByAddress(octets);
            }
        };
    }
}
