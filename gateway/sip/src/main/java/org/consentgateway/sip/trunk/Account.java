package org.consentgateway.sip.trunk;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.dns.Transport;

/**
 * A subscription at a provider that wants us to register (RFC 3261 §10). Immutable.
 *
 * @param trunk the trunk that calls over this account belong to: the addresses registered with
 *     count as its sources
 * @param domain the registrar's domain, which is the REGISTER's Request-URI; may have no address of
 *     its own
 * @param proxy host, with port and transport parameter where not usual, that everything goes to
 *     first; else the domain
 * @param user the user part of the address of record
 * @param transport none: what the DNS offers first and we have (RFC 3263 §4.1)
 * @param login for digest authentication; often the same as {@code user}
 * @param algorithms digest algorithms we answer
 * @param expires what we ask for
 * @param registers whether it is kept registered; else only calls are made over it
 * @param showsCallers whether those called over it see who calls us (a number that is not the
 *     account's: providers call it "CLIP no screening"), or our own number
 */
public record Account(
        String trunk,
        String domain,
        Optional<String> proxy,
        Optional<Transport> transport,
        String user,
        String login,
        String password,
        Set<DigestAlgorithm> algorithms,
        Duration expires,
        boolean registers,
        boolean showsCallers) {

    @Override
    public String toString() {
        return "Account[trunk=" + trunk + ", domain=" + domain + "]";
    }
}
