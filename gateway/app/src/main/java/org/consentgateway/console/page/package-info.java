/**
 * What people see and do after they have signed in: for each section the paths, and a view with
 * what is shown, in words, made from what the API has told.
 */
@NullMarked
package org.consentgateway.console.page;

import org.jspecify.annotations.NullMarked;
