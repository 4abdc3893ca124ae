/** What an operator says of an identity provider whose tokens the API takes. */
@NullMarked
package org.consentgateway.settings.oidc;

import org.jspecify.annotations.NullMarked;
