/**
 * Signing in to the console by an account of an identity provider: OpenID Connect, authorization
 * code flow with PKCE. Start at {@link org.consentgateway.console.oidc.ProviderSignIn}.
 */
@NullMarked
package org.consentgateway.console.oidc;

import org.jspecify.annotations.NullMarked;
