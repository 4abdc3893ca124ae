package org.consentgateway.sip.trunk;

import java.net.InetAddress;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The signalling source and the addresses of some networks as a set: {@link #contains} asks the
 * networks; iterating shows the one address that is told by name, since nobody wants to walk
 * through a /16. Immutable.
 */
public final class Networks extends AbstractSet<InetAddress> {
    private final InetAddress source;
    private final List<Cidr> networks;

    public Networks(InetAddress source, List<Cidr> networks) {
        this.source = source;
        this.networks = networks;
    }

    @Override
    public boolean contains(@Nullable Object object) {
        if (!(object instanceof InetAddress address)) {
            return false;
        }
        if (address.equals(source)) {
            return true;
        }
        for (Cidr network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Iterator<InetAddress> iterator() {
        return List.of(source).iterator();
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Networks that
                && source.equals(that.source)
                && networks.equals(that.networks);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }
}
