package org.consentgateway.console.account;

/**
 * Immutable. Who has signed in: by an account of ours, or by one of an identity provider.
 *
 * @param name in the log: that of the account, such as "a.weber", or "oidc:" and what the provider
 *     calls them, which no account of ours is named
 * @param person as records name them, such as "Anna Weber"
 */
public record ConsoleUser(String name, String person, ConsoleRole role) {
    public static ConsoleUser of(ConsoleAccount account) {
        return new ConsoleUser(account.name(), account.person(), account.role());
    }
}
