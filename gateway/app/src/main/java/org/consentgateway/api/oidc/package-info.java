/** Who may ask over the API by tokens of an identity provider (OpenID Connect). */
@NullMarked
package org.consentgateway.api.oidc;

import org.jspecify.annotations.NullMarked;
