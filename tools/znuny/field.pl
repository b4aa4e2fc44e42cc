#!/usr/bin/perl
# Makes the dynamic field of tickets that holds Faultgate's number.
use strict;
use warnings;
use lib '/usr/share/otrs', '/usr/share/otrs/Kernel/cpan-lib';
use Kernel::System::ObjectManager;

local $Kernel::OM = Kernel::System::ObjectManager->new();
my $fields = $Kernel::OM->Get('Kernel::System::DynamicField');
my $there = $fields->DynamicFieldGet( Name => 'ExternalID' );
exit 0 if $there && $there->{ID};
$fields->DynamicFieldAdd(
    Name => 'ExternalID', Label => 'External ID', FieldOrder => 1, FieldType => 'Text', ObjectType => 'Ticket',
    Config => { DefaultValue => '' }, ValidID => 1, UserID => 1,
) or die "the dynamic field can't be made\n";
