"""What is kept where, who gets at it, and what keeps it: facts about an application's stores.

Everything here is a pure function of the application (and of the calls that its code makes), and
looks at what takes effect: policies are found by the resource that they protect, settings that
the template leaves out have the defaults that AWS has today.
"""
