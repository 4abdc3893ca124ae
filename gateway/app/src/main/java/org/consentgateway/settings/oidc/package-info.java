/**
 * What an operator says of identity providers: whose tokens the API takes, and by whose accounts
 * people sign in to the console.
 */
@NullMarked
package org.consentgateway.settings.oidc;

import org.jspecify.annotations.NullMarked;
