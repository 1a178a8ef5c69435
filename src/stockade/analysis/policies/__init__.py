"""The policies of an application as the policy language reads them, with their places."""
